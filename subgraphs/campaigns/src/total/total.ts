// A customer's totals: what their orders come to, as far as campaigns has heard.
import type { totals } from './total.table.ts'

export type Total = typeof totals.$inferSelect
/** One row a currency. */
export type Totals = readonly Total[]

/** What an event about an order adds to its customer's totals; a cancelled order is none, a refunded one was free. */
export function worthOf(type: string, amount: bigint): Pick<Total, 'orders' | 'amount'> | undefined {
  if (type === 'commerce.order.placed') return { orders: 1, amount }
  if (type === 'commerce.order.cancelled') return { orders: -1, amount: -amount }
  if (type === 'commerce.order.refunded') return { orders: 0, amount: -amount }
  return undefined
}

export const ordersIn = (rows: Totals): number => rows.reduce((sum, { orders }) => sum + orders, 0)

export const lastVisitIn = (rows: Totals): Date | null =>
  rows.reduce<Date | null>((last, { lastVisitAt: at }) => (at && (!last || at > last) ? at : last), null)
