// The steps that an order takes after it was placed: each to its status, with what it does to the stock.
import { orderCancelled, orderConfirmed, orderFulfilled, orderRefunded } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { StockChange } from '../product/product.ts'
import { advanced, type OrderLine, releasing, type Step, shipping } from './order.ts'

type Named = { readonly id: string; readonly expectedVersion?: number | null | undefined }
type Told = typeof orderConfirmed

const step =
  (to: Step, told: Told, moving?: (lines: readonly OrderLine[]) => StockChange[]) => (ctx: Context, named: Named) =>
    ctx.transaction(async (tx) => {
      const order = await tx.orders.lock(named)
      const next = await tx.orders.update(advanced(order, to, ctx.clock.now()))
      if (moving) await tx.products.updateStock(moving(await tx.orders.lines(order.id)))
      tx.record(told(next, { customerId: next.customerId, amount: next.total, currency: next.currency }))
      return next
    })

export const confirmOrder = step('CONFIRMED', orderConfirmed)
export const fulfillOrder = step('FULFILLED', orderFulfilled, shipping)
export const cancelOrder = step('CANCELLED', orderCancelled, releasing)
export const refundOrder = step('REFUNDED', orderRefunded)
