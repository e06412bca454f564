import { orderFulfilled } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { FulfillOrderInput } from '../generated/graphql.ts'
import { advanced, shipping } from './order.ts'

export const fulfillOrder = (ctx: Context, input: FulfillOrderInput) =>
  ctx.transaction(async (tx) => {
    const order = await tx.orders.lock(input)
    const next = await tx.orders.update(advanced(order, 'FULFILLED', ctx.clock.now()))
    await tx.products.updateStock(shipping(await tx.orders.lines(order.id)))
    tx.record(orderFulfilled(next, { customerId: next.customerId, amount: next.total, currency: next.currency }))
    return next
  })
