// A customer's totals: what their orders come to, as far as campaigns has heard.

/** What the orders in one currency come to. */
export type Total = {
  readonly customerId: string
  readonly currency: string
  readonly orders: number
  readonly amount: bigint
  readonly lastVisitAt: Date
}
/** One row a currency. */
export type Totals = readonly Total[]

export const ordersIn = (rows: Totals): number => rows.reduce((sum, { orders }) => sum + orders, 0)

export const lastVisitIn = (rows: Totals): Date | null =>
  rows.reduce<Date | null>((last, { lastVisitAt: at }) => (!last || at > last ? at : last), null)
