import { moment } from '@switchyard/runtime/database/columns'
import { bigint, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { campaigns } from '../campaigns.schema.ts'

/** What a customer's orders come to, a row a currency; kept from commerce's events. */
export const totals = campaigns.table(
  'totals',
  {
    customerId: uuid().notNull(),
    currency: text().notNull(),
    orders: integer().notNull(),
    amount: bigint({ mode: 'bigint' }).notNull(),
    lastVisitAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.currency] })],
)
