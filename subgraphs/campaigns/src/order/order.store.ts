// The orders that campaigns knows of, mirrored from commerce; shown to nobody, only summed.
import { mirror } from '@switchyard/runtime/rows/mirror'
import { orders } from './order.table.ts'

type Node = Pick<typeof orders.$inferSelect, 'id' | 'version' | 'customerId' | 'status'> & {
  placedAt: string
  total: { amount: string; currency: string }
}

export const orderStore = mirror({
  entity: 'commerce.order',
  type: 'Order',
  list: 'orders',
  table: orders,
  selection: 'id version customerId status placedAt total { amount currency }',
  row: ({ total, placedAt, ...order }: Node) => ({
    ...order,
    placedAt: new Date(placedAt),
    amount: BigInt(total.amount),
    currency: total.currency,
  }),
})
