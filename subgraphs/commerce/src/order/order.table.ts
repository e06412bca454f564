import { entity, moment, searchable } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { commerce } from '../commerce.schema.ts'
import { products } from '../product/product.table.ts'

export const orderStatus = commerce.enum('order_status', ['PENDING', 'CONFIRMED', 'FULFILLED', 'CANCELLED', 'REFUNDED'])

export const orderNumbers = commerce.sequence('order_numbers', { startWith: 10001 })

export const orders = commerce.table(
  'orders',
  {
    ...entity(),
    number: text().notNull().default(sql`nextval('commerce.order_numbers')::text`),
    /** crm's customer: of another schema, and so without a foreign key. */
    customerId: uuid().notNull(),
    placedById: uuid(),
    status: orderStatus().notNull(),
    total: bigint({ mode: 'bigint' }).notNull(),
    currency: text().notNull(),
    placedAt: moment().notNull(),
    confirmedAt: moment(),
    fulfilledAt: moment(),
    cancelledAt: moment(),
    refundedAt: moment(),
    search: searchable('commerce', 'number'),
  },
  (t) => [
    uniqueIndex('orders_number_unique').on(t.number),
    index('orders_newest').on(t.createdAt, t.id),
    index('orders_last_changed').on(t.updatedAt, t.id),
    index('orders_by_placing').on(t.placedAt, t.id),
    index('orders_by_total').on(t.total, t.id),
    index('orders_of_customer').on(t.customerId, t.createdAt, t.id),
    index('orders_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)

export const orderLines = commerce.table(
  'order_lines',
  {
    orderId: uuid()
      .notNull()
      .references(() => orders.id),
    position: integer().notNull(),
    productId: uuid()
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
    /** What one cost when it was ordered. */
    unitPrice: bigint({ mode: 'bigint' }).notNull(),
    currency: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.position] }),
    check('order_lines_quantity', sql`${t.quantity} > 0`),
    index('order_lines_of_product').on(t.productId),
  ],
)
