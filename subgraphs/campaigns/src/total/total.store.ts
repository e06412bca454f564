// What customers' orders come to, summed when it is asked for: sums that are kept would have to be filled, and corrected.
import { madeByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { asc, sql } from 'drizzle-orm'
import { orders } from '../order/order.table.ts'
import type { Total } from './total.ts'

const stands = sql`${orders.status} <> 'CANCELLED'`
const isPaid = sql`${orders.status} not in ('CANCELLED', 'REFUNDED')`

export const totalStore = (scope: Scope) => ({
  /** One row a currency; a cancelled order is none, a refunded one was free. */
  ofCustomer: (customerId: string): Promise<Total[]> =>
    madeByParent(scope, 'totals', 'customerId', customerId, (customerIds) =>
      scope.db
        .select({
          customerId: orders.customerId,
          currency: orders.currency,
          orders: sql<number>`(count(*) filter (where ${stands}))::int`,
          amount: sql`coalesce(sum(${orders.amount}) filter (where ${isPaid}), 0)`.mapWith(BigInt),
          lastVisitAt: sql<Date>`max(${orders.placedAt})`.mapWith(orders.placedAt),
        })
        .from(orders)
        .where(sql`${orders.customerId} = any(${sql.param(customerIds)}::uuid[])`)
        .groupBy(orders.customerId, orders.currency)
        .orderBy(asc(orders.currency)),
    ),
})
