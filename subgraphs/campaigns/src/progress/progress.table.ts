import { entity } from '@switchyard/runtime/database/columns'
import { integer, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { campaigns } from '../campaign/campaign.table.ts'
import { campaigns as schema } from '../campaigns.schema.ts'

/** How far a launched campaign has come; a row of its own, so that counting does not raise the campaign's version. */
export const progress = schema.table(
  'progress',
  {
    ...entity(),
    campaignId: uuid()
      .notNull()
      .references(() => campaigns.id),
    pending: integer().notNull(),
    sent: integer().notNull(),
    delivered: integer().notNull(),
    failed: integer().notNull(),
    skipped: integer().notNull(),
  },
  (t) => [uniqueIndex('progress_campaign_unique').on(t.campaignId)],
)
