// All SQL on how far campaigns have come.
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { rowsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { count, eq } from 'drizzle-orm'
import { messages } from '../message/message.table.ts'
import { progressPolicy } from './progress.policy.ts'
import { progress } from './progress.table.ts'
import { type Counts, counted, none, type Progress } from './progress.ts'

export const progressStore = (scope: Scope) => {
  const rows = rowStore(scope, progressPolicy)
  const ofCampaign = async (campaignId: string): Promise<Progress | undefined> =>
    (await rowsByParent(scope, progressPolicy, progress.campaignId, campaignId))[0]
  return {
    ...rows,
    /** As it was last counted; nothing at all for a draft. */
    of: async (campaignId: string): Promise<Counts> => (await ofCampaign(campaignId)) ?? none,
    async lockOf(campaignId: string): Promise<Progress> {
      const found = await ofCampaign(campaignId)
      if (!found) throw new Error(`The campaign ${campaignId} was never launched`)
      return rows.lock(found)
    },
    /** Counts the campaign's messages as they are now. */
    async count(campaignId: string): Promise<Counts> {
      const found = await scope.db
        .select({ status: messages.status, messages: count() })
        .from(messages)
        .where(eq(messages.campaignId, campaignId))
        .groupBy(messages.status)
      return found.reduce<Counts>((counts, row) => counted(counts, row.status, row.messages), none)
    },
  }
}
