import type { Resolvers } from '../generated/graphql.ts'
import { createTag } from './create-tag.ts'
import { tagCustomer, untagCustomer } from './tag-customer.ts'

export const tagResolvers = {
  Query: {
    tags: (_, __, ctx) => ctx.tags.all(),
  },
  Mutation: {
    createTag: (_, { input }, ctx) => createTag(ctx, input),
    tagCustomer: (_, { input }, ctx) => tagCustomer(ctx, input),
    untagCustomer: (_, { input }, ctx) => untagCustomer(ctx, input),
  },
  Tag: {
    __resolveReference: ({ id }, ctx) => ctx.tags.find(id),
  },
} satisfies Resolvers
