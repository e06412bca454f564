import { money } from '@switchyard/runtime/money'
import type { Resolvers } from '../generated/graphql.ts'
import { lastVisitIn, ordersIn } from './total.ts'

export const totalResolvers = {
  Customer: {
    // The totals hang on the customer: whoever may not see the one sees nothing of the other.
    totals: async ({ id }, _, ctx) => ((await ctx.customers.find(id)) ? ctx.totals.ofCustomer(id) : null),
  },
  CustomerTotals: {
    orders: ordersIn,
    spending: (rows) => rows.map(({ amount, currency }) => money(amount, currency)),
    lastVisitAt: lastVisitIn,
  },
} satisfies Resolvers
