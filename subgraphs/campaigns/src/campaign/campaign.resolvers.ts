import { money } from '@switchyard/runtime/money'
import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { progressPolicy } from '../progress/progress.policy.ts'
import { campaignPolicy } from './campaign.policy.ts'
import { campaignOf } from './campaign-of.ts'
import { createCampaign } from './create-campaign.ts'
import { launchCampaign } from './launch-campaign.ts'
import { pauseCampaign, resumeCampaign } from './pause-campaign.ts'
import { deleteCampaign, updateCampaign } from './update-campaign.ts'

export const campaignResolvers = {
  Query: {
    campaign: (_, { id }, ctx) => ctx.campaigns.find(id),
    campaigns: (_, args, ctx) => ctx.campaigns.list(args),
  },
  Mutation: {
    createCampaign: (_, { input }, ctx) => createCampaign(ctx, input),
    updateCampaign: (_, { input }, ctx) => updateCampaign(ctx, input),
    launchCampaign: (_, { input }, ctx) => launchCampaign(ctx, input),
    pauseCampaign: (_, { input }, ctx) => pauseCampaign(ctx, input),
    resumeCampaign: (_, { input }, ctx) => resumeCampaign(ctx, input),
    deleteCampaign: (_, { input }, ctx) => deleteCampaign(ctx, input),
  },
  Subscription: {
    campaignProgressed: {
      subscribe: (_, { campaignId, after }, ctx) =>
        ctx.follow(
          [campaignPolicy, progressPolicy],
          'campaignProgressed',
          after,
          (event) => campaignOf(event) === campaignId.toLowerCase(),
        ),
    },
  },
  Campaign: {
    __resolveReference: ({ id }, ctx) => ctx.campaigns.find(id),
    budget: ({ amount, currency }) => (amount === null || currency === null ? null : money(amount, currency)),
    createdBy: (campaign) => reference('User', campaign.createdById),
    delivery: (campaign, _, ctx) => ctx.progress.of(campaign.id),
    messages: (campaign, args, ctx) => ctx.messages.ofCampaign(campaign.id, args),
  },
  CampaignChange: {
    // That its counting has begun does not make a campaign new.
    kind: ({ kind, event }) => (event.entity === progressPolicy.name ? 'UPDATED' : kind),
    campaignId: ({ event }) => campaignOf(event),
    campaign: ({ event }, _, ctx) => ctx.campaigns.find(campaignOf(event)),
  },
} satisfies Resolvers
