import { orderCancelled } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { CancelOrderInput } from '../generated/graphql.ts'
import { advanced, releasing } from './order.ts'

export const cancelOrder = (ctx: Context, input: CancelOrderInput) =>
  ctx.transaction(async (tx) => {
    const order = await tx.orders.lock(input)
    const next = await tx.orders.update(advanced(order, 'CANCELLED', ctx.clock.now()))
    await tx.products.updateStock(releasing(await tx.orders.lines(order.id)))
    tx.record(orderCancelled(next, { customerId: next.customerId, amount: next.total, currency: next.currency }))
    return next
  })
