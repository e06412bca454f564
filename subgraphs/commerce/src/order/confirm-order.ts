import { orderConfirmed } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { ConfirmOrderInput } from '../generated/graphql.ts'
import { advanced } from './order.ts'

export const confirmOrder = (ctx: Context, input: ConfirmOrderInput) =>
  ctx.transaction(async (tx) => {
    const order = await tx.orders.lock(input)
    const next = await tx.orders.update(advanced(order, 'CONFIRMED', ctx.clock.now()))
    tx.record(orderConfirmed(next, { customerId: next.customerId, amount: next.total, currency: next.currency }))
    return next
  })
