import type { Resolvers } from '../generated/graphql.ts'
import { blockUser, unblockUser } from './block-user.ts'
import { createUser } from './create-user.ts'

export const userResolvers = {
  Query: {
    user: (_, { id }, ctx) => ctx.users.find(id),
    users: (_, args, ctx) => ctx.users.list(args),
  },
  Mutation: {
    createUser: (_, { input }, ctx) => createUser(ctx, input),
    blockUser: (_, { input }, ctx) => blockUser(ctx, input),
    unblockUser: (_, { input }, ctx) => unblockUser(ctx, input),
  },
  User: {
    __resolveReference: ({ id }, ctx) => ctx.users.find(id),
    roles: (user, _, ctx) => ctx.roles.ofUser(user.id),
    manager: (user, _, ctx) => (user.managerId ? ctx.users.find(user.managerId) : null),
    twoFactorEnabled: (user) => user.twoFactorEnabledAt !== null,
  },
} satisfies Resolvers
