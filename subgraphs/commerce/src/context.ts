// The stores of commerce, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import { customerStore } from './customer/customer.store.ts'
import { orderStore } from './order/order.store.ts'
import { productStore } from './product/product.store.ts'

export const stores = { customers: customerStore, orders: orderStore, products: productStore }

export type Context = ContextOf<typeof stores>
export type Transaction = TransactionOf<typeof stores>
