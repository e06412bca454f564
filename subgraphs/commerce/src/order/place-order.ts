import { orderPlaced } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { PlaceOrderInput } from '../generated/graphql.ts'
import { mustBeInStock, newOrder, pricedLines, quantities, reserving, wantedLines } from './order.ts'

export const placeOrder = (ctx: Context, input: PlaceOrderInput) =>
  ctx.transaction(async (tx) => {
    const wanted = wantedLines(input)
    // First of all, for crm may have to be asked, and no stock should be locked meanwhile.
    const { id: customerId } = await tx.customers.get(input.customerId)
    const found = await tx.products.lockStock([...quantities(wanted).keys()])
    const products = new Map(found.map((product) => [product.id, product]))
    const lines = pricedLines(wanted, products)
    mustBeInStock(lines, products)
    const order = await tx.orders.insert(newOrder(customerId, lines, ctx.viewer, ctx.clock.now()))
    await tx.orders.insertLines(order, lines)
    await tx.products.updateStock(reserving(lines))
    tx.record(orderPlaced(order, { customerId, amount: order.total, currency: order.currency }))
    return order
  })
