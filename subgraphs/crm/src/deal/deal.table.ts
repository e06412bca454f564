import { entity, moment, recoverable, searchable } from '@switchyard/runtime/database/columns'
import { isNull, sql } from 'drizzle-orm'
import { bigint, date, index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'
import { customers } from '../customer/customer.table.ts'
import { pipelines, stageKind, stages } from '../pipeline/pipeline.table.ts'

export const deals = crm.table(
  'deals',
  {
    ...entity(),
    ...recoverable(),
    title: text().notNull(),
    amount: bigint({ mode: 'bigint' }).notNull(),
    currency: text().notNull(),
    /** The kind of the stage where it stands. */
    status: stageKind().notNull(),
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id),
    stageId: uuid()
      .notNull()
      .references(() => stages.id),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    ownerId: uuid(),
    probability: integer(),
    expectedCloseOn: date({ mode: 'string' }),
    closedAt: moment(),
    lostReason: text(),
    search: searchable('crm', 'title'),
  },
  (t) => [
    index('deals_newest').on(t.createdAt, t.id),
    index('deals_last_changed').on(t.updatedAt, t.id),
    index('deals_by_title').on(t.title, t.id),
    index('deals_by_amount').on(t.amount, t.id),
    index('deals_by_expected_close').on(sql`coalesce(${t.expectedCloseOn}, 'infinity')`, t.id),
    index('deals_of_stage').on(t.stageId, t.createdAt, t.id),
    index('deals_of_customer').on(t.customerId, t.createdAt, t.id),
    index('deals_of_owner').on(t.ownerId, t.createdAt, t.id),
    index('deals_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)

export const stageVisits = crm.table(
  'stage_visits',
  {
    id: uuid().primaryKey(),
    dealId: uuid()
      .notNull()
      .references(() => deals.id),
    stageId: uuid()
      .notNull()
      .references(() => stages.id),
    enteredAt: moment().notNull(),
    leftAt: moment(),
    movedById: uuid(),
  },
  (t) => [
    index('stage_visits_of_deal').on(t.dealId, t.enteredAt, t.id),
    uniqueIndex('stage_visits_current_unique').on(t.dealId).where(isNull(t.leftAt)),
  ],
)
