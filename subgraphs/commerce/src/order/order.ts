// An order: what a customer buys at which price, and what may become of it.
import { invalidFields, invalidInput, notFound, refused } from '@switchyard/runtime/errors'
import { isId } from '@switchyard/runtime/ids'
import { between } from '@switchyard/runtime/input'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { PlaceOrderInput } from '../generated/graphql.ts'
import { outOfStock, type Product, type StockChange, stockAvailable } from '../product/product.ts'
import type { orderLines, orders } from './order.table.ts'

export type Order = typeof orders.$inferSelect
export type OrderLine = typeof orderLines.$inferSelect
export type NewLine = Omit<OrderLine, 'orderId'>

const mostLines = 200
const mostOfOne = 1_000_000
const mostMoney = 2n ** 63n - 1n

type Wanted = Pick<OrderLine, 'productId' | 'quantity'>

/** The lines of an input, their number and quantities checked; ids as they are kept. */
export function wantedLines({ lines }: PlaceOrderInput): Wanted[] {
  if (lines.length < 1 || lines.length > mostLines) throw invalidInput('lines', `An order has 1 to ${mostLines} lines.`)
  return lines.map(({ productId, quantity }, index) => {
    between(1, mostOfOne)(quantity, `lines.${index}.quantity`)
    if (!isId(productId)) throw notFound('commerce.product', productId)
    return { productId: productId.toLowerCase(), quantity }
  })
}

/** How much of each product the lines hold together. */
export function quantities(lines: readonly Wanted[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { productId, quantity } of lines) sums.set(productId, (sums.get(productId) ?? 0) + quantity)
  return sums
}

/** The lines at today's prices; refused when a product is not for sale, or when currencies would be mixed. */
export function pricedLines(wanted: readonly Wanted[], products: ReadonlyMap<string, Product>): NewLine[] {
  const lines = wanted.map(({ productId, quantity }, index) => {
    const product = products.get(productId)
    if (!product) throw notFound('commerce.product', productId)
    return { index, quantity, product }
  })
  const unsellable = lines.filter(({ product }) => product.status !== 'ACTIVE')
  if (unsellable.length) {
    throw invalidFields(
      unsellable.map(({ index, product }) => ({
        path: `lines.${index}.productId`,
        message: `${product.name} is ${product.status}: only what is ACTIVE can be ordered.`,
      })),
    )
  }
  const strange = lines.find(({ product }) => product.currency !== lines[0]?.product.currency)
  if (strange)
    throw invalidInput(`lines.${strange.index}.productId`, 'All products of an order are priced in one currency.')
  return lines.map(({ product, quantity, index }) => ({
    position: index + 1,
    productId: product.id,
    quantity,
    unitPrice: product.price,
    currency: product.currency,
  }))
}

/** Refuses, naming every product that is short, when there is less than the lines hold together. */
export function mustBeInStock(lines: readonly Wanted[], products: ReadonlyMap<string, Product>): void {
  const short = [...quantities(lines)].flatMap(([productId, requested]) => {
    const product = products.get(productId)
    return product && stockAvailable(product) < requested ? [{ product, requested }] : []
  })
  if (short.length) throw outOfStock(short)
}

export const lineTotal = ({ unitPrice, quantity }: Pick<OrderLine, 'unitPrice' | 'quantity'>): bigint =>
  unitPrice * BigInt(quantity)

export function newOrder(customerId: string, lines: readonly NewLine[], maker: Viewer, placedAt: Date) {
  const total = lines.reduce((sum, line) => sum + lineTotal(line), 0n)
  if (total > mostMoney) throw invalidInput('lines', 'The order comes to more than can be counted.')
  const currency = lines[0]?.currency ?? ''
  return { customerId, placedById: userIdOf(maker), status: 'PENDING' as const, total, currency, placedAt }
}

const allowedNext: Readonly<Record<Order['status'], readonly Order['status'][]>> = {
  PENDING: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['FULFILLED', 'CANCELLED'],
  FULFILLED: ['REFUNDED'],
  CANCELLED: [],
  REFUNDED: [],
}

const stamps = {
  CONFIRMED: 'confirmedAt',
  FULFILLED: 'fulfilledAt',
  CANCELLED: 'cancelledAt',
  REFUNDED: 'refundedAt',
} as const

/** What may be done with an order once it is placed. */
export type Step = keyof typeof stamps

/** The order in its next status; refused where it may not go there from where it is. */
export function advanced(order: Order, to: Step, at: Date): Order {
  const allowed = allowedNext[order.status]
  if (!allowed.includes(to)) {
    const data = { from: order.status, to, allowed }
    throw refused('INVALID_TRANSITION', `An order that is ${order.status} cannot become ${to}.`, data)
  }
  return { ...order, status: to, [stamps[to]]: at }
}

const stockChange =
  (onHand: number, reserved: number) =>
  (lines: readonly Wanted[]): StockChange[] =>
    [...quantities(lines)].map(([productId, quantity]) => ({
      productId,
      onHand: onHand * quantity,
      reserved: reserved * quantity,
    }))

export const reserving = stockChange(0, 1)
export const releasing = stockChange(0, -1)
export const shipping = stockChange(-1, -1)
