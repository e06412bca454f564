import { orderRefunded } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { RefundOrderInput } from '../generated/graphql.ts'
import { advanced } from './order.ts'

export const refundOrder = (ctx: Context, input: RefundOrderInput) =>
  ctx.transaction(async (tx) => {
    const order = await tx.orders.lock(input)
    const next = await tx.orders.update(advanced(order, 'REFUNDED', ctx.clock.now()))
    tx.record(orderRefunded(next, { customerId: next.customerId, amount: next.total, currency: next.currency }))
    return next
  })
