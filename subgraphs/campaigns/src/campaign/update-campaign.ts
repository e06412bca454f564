import { campaignDeleted, campaignUpdated } from '@switchyard/schema/events/campaigns'
import type { Context } from '../context.ts'
import type { DeleteCampaignInput, UpdateCampaignInput } from '../generated/graphql.ts'
import { mustExist } from './audience.ts'
import { audienceOf, changedCampaign, deletable } from './campaign.ts'

export const updateCampaign = (ctx: Context, input: UpdateCampaignInput) =>
  ctx.transaction(async (tx) => {
    const campaign = await tx.campaigns.lock(input)
    const changed = changedCampaign(campaign, input, ctx.clock.now())
    if (input.customerIds !== undefined) {
      await mustExist(tx, audienceOf(input))
      await tx.campaigns.updateAudience(campaign.id, audienceOf(input))
    }
    const next = await tx.campaigns.update(changed)
    if (next.version !== campaign.version) tx.record(campaignUpdated(next, {}))
    return next
  })

export const deleteCampaign = (ctx: Context, input: DeleteCampaignInput) =>
  ctx.transaction(async (tx) => {
    const campaign = await tx.campaigns.remove(deletable(await tx.campaigns.lock(input, 'delete')))
    tx.record(campaignDeleted(campaign, {}))
    return campaign
  })
