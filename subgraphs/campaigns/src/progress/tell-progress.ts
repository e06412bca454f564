import type { Job } from '@switchyard/runtime/jobs/job'
import { campaignCompleted, campaignProgressed } from '@switchyard/schema/events/campaigns'
import { completed } from '../campaign/campaign.ts'
import type { Context } from '../context.ts'
import { sendMessage } from '../message/message.jobs.ts'
import type { Counting } from './progress.jobs.ts'
import { nextCount } from './progress.ts'

/**
 * Counts, tells of it when it differs, and counts again until nothing is left to send: then the campaign is complete.
 * What a process that died had claimed is sent by another one.
 */
export const tellProgress = (ctx: Context, counting: Counting, again: Job<Context, Counting>) =>
  ctx.transaction(async (tx) => {
    const { campaignId, version, quiet } = counting
    const campaign = await tx.campaigns.find(campaignId)
    if (campaign?.version !== version) return
    const locked = await tx.campaigns.lock({ id: campaignId })
    if (locked.version !== version) return
    const before = await tx.progress.lockOf(campaignId)
    const after = await tx.progress.update({ ...before, ...(await tx.progress.count(campaignId)) })
    const isNews = after.version !== before.version
    if (isNews) tx.record(campaignProgressed(after, { campaignId }))
    const now = ctx.clock.now()
    if (locked.status === 'ACTIVE' && after.pending === 0) {
      const done = await tx.campaigns.update(completed(locked, now))
      return tx.record(campaignCompleted(done, {}))
    }
    if (locked.status === 'ACTIVE') {
      for (const messageId of await tx.messages.updateAbandoned(campaignId)) tx.enqueue(sendMessage, { messageId })
    } else if (!(await tx.messages.areOnTheWire(campaignId))) return
    const round = isNews ? 0 : quiet + 1
    tx.enqueue(again, { campaignId, version, quiet: round }, { dueAt: nextCount(round, now) })
  })
