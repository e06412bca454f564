// All SQL on customers' totals.
import { partsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { sql } from 'drizzle-orm'
import { totals } from './total.table.ts'
import type { Total } from './total.ts'

export const totalStore = (scope: Scope) => ({
  ofCustomer: (customerId: string): Promise<Total[]> =>
    partsByParent(scope, totals, totals.customerId, customerId, totals.currency),
  /** Events may come in any order: sums do not mind, and the last visit is the latest there was. */
  async updateBy(added: Total): Promise<void> {
    await scope.db
      .insert(totals)
      .values(added)
      .onConflictDoUpdate({
        target: [totals.customerId, totals.currency],
        set: {
          orders: sql`${totals.orders} + excluded.orders`,
          amount: sql`${totals.amount} + excluded.amount`,
          lastVisitAt: sql`greatest(${totals.lastVisitAt}, excluded.last_visit_at)`,
        },
      })
  },
})
