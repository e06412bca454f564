import { money } from '@switchyard/runtime/money'
import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { cancelOrder, confirmOrder, fulfillOrder, refundOrder } from './advance-order.ts'
import { orderPolicy } from './order.policy.ts'
import { lineTotal } from './order.ts'
import { placeOrder } from './place-order.ts'

export const orderResolvers = {
  Query: {
    order: (_, { id }, ctx) => ctx.orders.find(id),
    orders: (_, args, ctx) => ctx.orders.list(args),
  },
  Mutation: {
    placeOrder: (_, { input }, ctx) => placeOrder(ctx, input),
    confirmOrder: (_, { input }, ctx) => confirmOrder(ctx, input),
    fulfillOrder: (_, { input }, ctx) => fulfillOrder(ctx, input),
    cancelOrder: (_, { input }, ctx) => cancelOrder(ctx, input),
    refundOrder: (_, { input }, ctx) => refundOrder(ctx, input),
  },
  Subscription: {
    orderChanged: {
      subscribe: (_, { customerId, after }, ctx) =>
        ctx.follow(orderPolicy, 'orderChanged', after, { customerId: customerId?.toLowerCase() }),
    },
  },
  Order: {
    __resolveReference: ({ id }, ctx) => ctx.orders.find(id),
    customer: (order, _, ctx) => ctx.customers.find(order.customerId),
    placedBy: (order) => reference('User', order.placedById),
    total: (order) => money(order.total, order.currency),
    lines: (order, _, ctx) => ctx.orders.lines(order.id),
  },
  OrderLine: {
    product: (line, _, ctx) => ctx.products.find(line.productId),
    unitPrice: (line) => money(line.unitPrice, line.currency),
    total: (line) => money(lineTotal(line), line.currency),
  },
  OrderChange: {
    orderId: (change) => change.id,
    order: (change, _, ctx) => ctx.orders.find(change.id),
  },
  Customer: {
    orders: (customer, args, ctx) => ctx.orders.ofCustomer(customer.id, args),
  },
} satisfies Resolvers
