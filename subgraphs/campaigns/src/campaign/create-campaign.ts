import { campaignCreated } from '@switchyard/schema/events/campaigns'
import type { Context } from '../context.ts'
import type { CreateCampaignInput } from '../generated/graphql.ts'
import { mustExist } from './audience.ts'
import { audienceOf, newCampaign } from './campaign.ts'

export const createCampaign = (ctx: Context, input: CreateCampaignInput) =>
  ctx.transaction(async (tx) => {
    const draft = newCampaign(input, ctx.viewer, ctx.clock.now())
    await mustExist(tx, audienceOf(input))
    const campaign = await tx.campaigns.insert(draft)
    await tx.campaigns.updateAudience(campaign.id, audienceOf(input))
    tx.record(campaignCreated(campaign, {}))
    return campaign
  })
