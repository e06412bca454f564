import { entity, moment, searchable } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { bigint, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { campaigns as schema } from '../campaigns.schema.ts'

export const campaignStatus = schema.enum('campaign_status', ['DRAFT', 'ACTIVE', 'PAUSED', 'COMPLETED'])
export const campaignChannel = schema.enum('campaign_channel', ['EMAIL'])

export const campaigns = schema.table(
  'campaigns',
  {
    ...entity(),
    name: text().notNull(),
    status: campaignStatus().notNull(),
    channel: campaignChannel().notNull(),
    subject: text().notNull(),
    template: text().notNull(),
    /** What it may cost; both or neither. */
    amount: bigint({ mode: 'bigint' }),
    currency: text(),
    startsAt: moment(),
    endsAt: moment(),
    audienceSize: integer().notNull(),
    /** When its list of customers was last replaced: the list itself stands beside it, and is not told of row by row. */
    audienceSetAt: moment().notNull(),
    launchedAt: moment(),
    completedAt: moment(),
    createdById: uuid(),
    search: searchable('campaigns', 'name', 'subject'),
  },
  (t) => [
    index('campaigns_newest').on(t.createdAt, t.id),
    index('campaigns_last_changed').on(t.updatedAt, t.id),
    index('campaigns_by_name').on(t.name, t.id),
    index('campaigns_by_start').on(sql`coalesce(${t.startsAt}, 'infinity')`, t.id),
    index('campaigns_by_status').on(t.status, t.createdAt, t.id),
    index('campaigns_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)

/** Whom a campaign is for. */
export const audience = schema.table(
  'audience',
  {
    campaignId: uuid()
      .notNull()
      .references(() => campaigns.id, { onDelete: 'cascade' }),
    customerId: uuid().notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.customerId] })],
)
