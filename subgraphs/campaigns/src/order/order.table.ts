import { moment } from '@switchyard/runtime/database/columns'
import { bigint, index, integer, text, uuid } from 'drizzle-orm/pg-core'
import { campaigns } from '../campaigns.schema.ts'

/** A mirror of commerce's orders: what a customer's totals are made of. */
export const orders = campaigns.table(
  'orders',
  {
    id: uuid().primaryKey(),
    version: integer().notNull(),
    customerId: uuid().notNull(),
    status: text().notNull(),
    amount: bigint({ mode: 'bigint' }).notNull(),
    currency: text().notNull(),
    placedAt: moment().notNull(),
  },
  (t) => [index('orders_of_customer').on(t.customerId, t.currency)],
)
