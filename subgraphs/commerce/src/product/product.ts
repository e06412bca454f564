// A product: what it costs, and how much of it there is.
import { invalidInput, refused } from '@switchyard/runtime/errors'
import { between, given, kept, optionalText, text } from '@switchyard/runtime/input'
import { type Money, positiveMoney } from '@switchyard/runtime/money'
import type { CreateProductInput, UpdateProductInput } from '../generated/graphql.ts'
import type { products } from './product.table.ts'

export type Product = typeof products.$inferSelect

/** What an order does to the stock of one product. */
export type StockChange = { readonly productId: string; readonly onHand: number; readonly reserved: number }

const mostStock = 1_000_000_000

const fields = {
  sku: text(64),
  name: text(),
  description: optionalText(5000),
  status: kept<Product['status']>,
}

const priced = (price: Money) => {
  const { amount, currency } = positiveMoney(price, 'price')
  return { price: amount, currency }
}

/** A new product: a draft without stock, unless the input says otherwise. */
export const newProduct = (input: CreateProductInput) => ({
  status: 'DRAFT' as const,
  ...given(input, fields),
  ...priced(input.price),
  stockOnHand: between(0, mostStock)(input.stockOnHand, 'stockOnHand') ?? 0,
})

export const changedProduct = (product: Product, input: UpdateProductInput): Product => ({
  ...product,
  ...given(input, fields),
  ...(input.price === undefined ? {} : priced(kept(input.price, 'price'))),
})

/** What can still be ordered. */
export const stockAvailable = ({ stockOnHand, stockReserved }: Product): number => stockOnHand - stockReserved

/** The product after goods came or went otherwise than by an order; never fewer than orders have reserved. */
export function restocked(product: Product, delta: number): Product {
  const stockOnHand = product.stockOnHand + delta
  if (stockOnHand > mostStock) throw invalidInput('delta', `There can be at most ${mostStock} of a product.`)
  if (stockOnHand < product.stockReserved) throw outOfStock([{ product, requested: -delta }])
  return { ...product, stockOnHand }
}

export const outOfStock = (short: readonly { readonly product: Product; readonly requested: number }[]) =>
  refused(
    'OUT_OF_STOCK',
    `There is not enough of ${short.map(({ product }) => product.name).join(', ')}.`,
    short.map(({ product, requested }) => ({ productId: product.id, requested, available: stockAvailable(product) })),
  )
