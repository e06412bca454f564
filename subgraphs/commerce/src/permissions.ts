// The role law of commerce: what each field asks of the viewer's roles. Whose rows are whose stands in the policies.
import { can, law } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

export const permissions = law<Resolvers>({
  Query: {
    order: can('commerce.order.read'),
    orders: can('commerce.order.read'),
    product: can('commerce.product.read'),
    products: can('commerce.product.read'),
  },
  Mutation: {
    placeOrder: can('commerce.order.create'),
    confirmOrder: can('commerce.order.update'),
    fulfillOrder: can('commerce.order.update'),
    cancelOrder: can('commerce.order.update'),
    refundOrder: can('commerce.order.update'),
    createProduct: can('commerce.product.create'),
    updateProduct: can('commerce.product.update'),
    adjustStock: can('commerce.product.update'),
  },
  Subscription: {
    orderChanged: can('commerce.order.read'),
  },
  Customer: {
    orders: can('commerce.order.read'),
  },
})
