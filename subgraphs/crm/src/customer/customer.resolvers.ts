import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { createCustomer } from './create-customer.ts'
import { deleteCustomer, restoreCustomer } from './delete-customer.ts'
import { updateCustomer } from './update-customer.ts'

export const customerResolvers = {
  Query: {
    customer: (_, { id }, ctx) => ctx.customers.find(id),
    customers: (_, args, ctx) => ctx.customers.list(args),
  },
  Mutation: {
    createCustomer: (_, { input }, ctx) => createCustomer(ctx, input),
    updateCustomer: (_, { input }, ctx) => updateCustomer(ctx, input),
    deleteCustomer: (_, { input }, ctx) => deleteCustomer(ctx, input),
    restoreCustomer: (_, { input }, ctx) => restoreCustomer(ctx, input),
  },
  Customer: {
    __resolveReference: ({ id }, ctx) => ctx.customers.find(id),
    company: (customer, _, ctx) => (customer.companyId ? ctx.companies.find(customer.companyId) : null),
    owner: (customer) => reference('User', customer.ownerId),
    tags: (customer, _, ctx) => ctx.tags.ofCustomer(customer.tagIds),
  },
} satisfies Resolvers
