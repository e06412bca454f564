import type { Resolvers } from '../generated/graphql.ts'
import { widest, written } from './role.ts'

export const roleResolvers = {
  Query: {
    roles: (_, __, ctx) => ctx.roles.all(),
  },
  Role: {
    __resolveReference: ({ id }, ctx) => ctx.roles.find(id),
    permissions: async (role, _, ctx) => written(widest(await ctx.roles.grantsOf(role.id))),
  },
} satisfies Resolvers
