import { unavailable } from '@switchyard/runtime/errors'
import { campaignLaunched, campaignProgressed } from '@switchyard/schema/events/campaigns'
import type { Context } from '../context.ts'
import type { LaunchCampaignInput } from '../generated/graphql.ts'
import { sendMessage } from '../message/message.jobs.ts'
import { newMessages } from '../message/message.ts'
import { countProgress } from '../progress/progress.jobs.ts'
import { countsOf } from '../progress/progress.ts'
import { mustExist } from './audience.ts'
import { dueAt, launched } from './campaign.ts'

/** One message a customer, all made at once; each has a job of its own, owed with the commit. */
export const launchCampaign = (ctx: Context, input: LaunchCampaignInput) =>
  ctx.transaction(async (tx) => {
    if (!ctx.mailer) throw unavailable('No mail can be sent here: SMTP_URL is not set.')
    const draft = await tx.campaigns.lock(input)
    const now = ctx.clock.now()
    const campaign = await tx.campaigns.update(launched(draft, now))
    const customers = await mustExist(tx, await tx.campaigns.audience(campaign.id))
    const messages = newMessages(campaign, customers)
    await tx.messages.insertAll(messages)
    const due = dueAt(campaign, now)
    for (const { id, status } of messages) {
      if (status === 'PENDING') tx.enqueue(sendMessage, { messageId: id }, due ? { dueAt: due } : {})
    }
    const progress = await tx.progress.insert({ campaignId: campaign.id, ...countsOf(messages) })
    tx.enqueue(
      countProgress,
      { campaignId: campaign.id, version: campaign.version, quiet: 0 },
      due ? { dueAt: due } : {},
    )
    tx.record(campaignLaunched(campaign, { audienceSize: campaign.audienceSize }))
    tx.record(campaignProgressed(progress, { campaignId: campaign.id }))
    return campaign
  })
