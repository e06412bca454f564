// The role law of campaigns: what each field asks of the viewer's roles. Whose rows are whose stands in the policies.
import { can, law } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

export const permissions = law<Resolvers>({
  Query: {
    campaign: can('campaigns.campaign.read'),
    campaigns: can('campaigns.campaign.read'),
  },
  Mutation: {
    createCampaign: can('campaigns.campaign.create'),
    updateCampaign: can('campaigns.campaign.update'),
    launchCampaign: can('campaigns.campaign.launch'),
    pauseCampaign: can('campaigns.campaign.pause'),
    resumeCampaign: can('campaigns.campaign.pause'),
    deleteCampaign: can('campaigns.campaign.delete'),
  },
  Subscription: {
    campaignProgressed: can('campaigns.campaign.read'),
  },
  Campaign: {
    delivery: can('campaigns.campaign.stats'),
    messages: can('campaigns.message.read'),
  },
  Customer: {
    messages: can('campaigns.message.read'),
    totals: can('commerce.order.read'),
  },
})
