import { campaignPaused, campaignResumed } from '@switchyard/schema/events/campaigns'
import type { Context } from '../context.ts'
import type { PauseCampaignInput, ResumeCampaignInput } from '../generated/graphql.ts'
import { sendMessage } from '../message/message.jobs.ts'
import { countProgress } from '../progress/progress.jobs.ts'
import { dueAt, paused, resumed } from './campaign.ts'

/** The jobs of a paused campaign find it paused, and leave their messages as they are. */
export const pauseCampaign = (ctx: Context, input: PauseCampaignInput) =>
  ctx.transaction(async (tx) => {
    const campaign = await tx.campaigns.update(paused(await tx.campaigns.lock(input)))
    tx.enqueue(countProgress, { campaignId: campaign.id, version: campaign.version, quiet: 0 })
    tx.record(campaignPaused(campaign, {}))
    return campaign
  })

export const resumeCampaign = (ctx: Context, input: ResumeCampaignInput) =>
  ctx.transaction(async (tx) => {
    const campaign = await tx.campaigns.update(resumed(await tx.campaigns.lock(input)))
    const due = dueAt(campaign, ctx.clock.now())
    for (const messageId of await tx.messages.pending(campaign.id)) {
      tx.enqueue(sendMessage, { messageId }, due ? { dueAt: due } : {})
    }
    tx.enqueue(
      countProgress,
      { campaignId: campaign.id, version: campaign.version, quiet: 0 },
      due ? { dueAt: due } : {},
    )
    tx.record(campaignResumed(campaign, {}))
    return campaign
  })
