// All SQL on messages. They are rows of their campaign: it is told of them in numbers, not of each.
import { byId, byMoment, oneOf } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { CampaignMessageFilter, CampaignMessagesArgs, CustomerMessagesArgs } from '../generated/graphql.ts'
import { messagePolicy } from './message.policy.ts'
import { messages } from './message.table.ts'
import type { Message, NewMessage } from './message.ts'

const lists = {
  filters: {
    status: oneOf(messages.status),
    campaignId: byId(messages.campaignId),
    createdAt: byMoment(messages.createdAt),
  },
  orders: { CREATED_AT: by(messages.createdAt) },
} satisfies Lists<CampaignMessageFilter, 'CREATED_AT'>

const isPending = (campaignId: string) => and(eq(messages.campaignId, campaignId), eq(messages.status, 'PENDING'))

export const messageStore = (scope: Scope) => {
  const { find } = rowStore(scope, messagePolicy)
  const idsWhere = async (condition: ReturnType<typeof and>): Promise<string[]> =>
    (await scope.db.select({ id: messages.id }).from(messages).where(condition)).map(({ id }) => id)

  const changed = ({ status, attempts, claimedUntil, sentAt, failedAt, failureReason }: Message) => ({
    ...{ status, attempts, claimedUntil, sentAt, failedAt, failureReason },
    version: sql`${messages.version} + 1`,
    updatedAt: scope.clock.now(),
  })

  return {
    find,
    ofCampaign: (campaignId: string, args: CampaignMessagesArgs) =>
      pagesByParent(scope, messagePolicy, messages.campaignId, campaignId, args, lists),
    ofCustomer: (customerId: string, args: CustomerMessagesArgs) =>
      pagesByParent(scope, messagePolicy, messages.customerId, customerId, args, lists),

    /** All of them in one statement, however many. */
    async insertAll(made: readonly NewMessage[]): Promise<void> {
      const rows = JSON.stringify(
        made.map(({ concessionId, campaignId, customerId, failureReason, ...rest }) => ({
          ...rest,
          concession_id: concessionId,
          campaign_id: campaignId,
          customer_id: customerId,
          failure_reason: failureReason,
        })),
      )
      const now = scope.clock.now().toISOString()
      await scope.db.execute(sql`
        insert into ${messages} (id, created_at, updated_at, version, concession_id, campaign_id, customer_id, channel, status, recipient, failure_reason)
        select id, ${now}::timestamptz, ${now}::timestamptz, 1, concession_id, campaign_id, customer_id, channel, status, recipient, failure_reason
        from jsonb_populate_recordset(null::${messages}, ${rows}::text::jsonb)`)
    },
    /** The message, nobody else's until the transaction ends. */
    async lock(id: string): Promise<Message | undefined> {
      const [message] = await scope.db.select().from(messages).where(eq(messages.id, id)).for('update')
      return message
    },
    async update(message: Message): Promise<void> {
      await scope.db.update(messages).set(changed(message)).where(eq(messages.id, message.id))
    },
    /** Writes what became of a message as long as nobody holds a later claim, who is then the one to say so. */
    async updateClaimed(message: Message): Promise<boolean> {
      const stillClaimed = and(
        eq(messages.id, message.id),
        eq(messages.status, 'PENDING'),
        eq(messages.attempts, message.attempts),
      )
      const written = await scope.db
        .update(messages)
        .set(changed(message))
        .where(stillClaimed)
        .returning({ id: messages.id })
      return written.length > 0
    },
    pending: (campaignId: string) => idsWhere(isPending(campaignId)),
    /** Frees what its sender should have sent by now, and has not. */
    async updateAbandoned(campaignId: string): Promise<string[]> {
      const abandoned = and(isPending(campaignId), lte(messages.claimedUntil, scope.clock.now()))
      const freed = await scope.db
        .update(messages)
        .set({ claimedUntil: null })
        .where(abandoned)
        .returning({ id: messages.id })
      return freed.map(({ id }) => id)
    },
    async areOnTheWire(campaignId: string): Promise<boolean> {
      const claimed = and(isPending(campaignId), gt(messages.claimedUntil, scope.clock.now()))
      const [some] = await scope.db.select({ id: messages.id }).from(messages).where(claimed).limit(1)
      return some !== undefined
    },
  }
}

export type MessagePage = ReturnType<ReturnType<typeof messageStore>['ofCampaign']>
