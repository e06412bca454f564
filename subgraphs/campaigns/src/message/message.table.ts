import { entity, moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { campaignChannel, campaigns } from '../campaign/campaign.table.ts'
import { campaigns as schema } from '../campaigns.schema.ts'

export const messageStatus = schema.enum('message_status', ['PENDING', 'SENT', 'DELIVERED', 'FAILED', 'SKIPPED'])

export const messages = schema.table(
  'messages',
  {
    ...entity(),
    campaignId: uuid()
      .notNull()
      .references(() => campaigns.id),
    customerId: uuid().notNull(),
    channel: campaignChannel().notNull(),
    status: messageStatus().notNull(),
    recipient: text(),
    /** How often it has been tried. */
    attempts: integer().notNull().default(0),
    /** Whoever is sending it has it until then; afterwards it may be on the wire no more, and is anybody's. */
    claimedUntil: moment(),
    sentAt: moment(),
    deliveredAt: moment(),
    failedAt: moment(),
    failureReason: text(),
  },
  (t) => [
    uniqueIndex('messages_customer_unique').on(t.campaignId, t.customerId),
    index('messages_of_campaign').on(t.campaignId, t.createdAt, t.id),
    index('messages_of_customer').on(t.customerId, t.createdAt, t.id),
    index('messages_by_status').on(t.campaignId, t.status),
    index('messages_pending').on(t.campaignId, t.claimedUntil).where(sql`${t.status} = 'PENDING'`),
  ],
)
