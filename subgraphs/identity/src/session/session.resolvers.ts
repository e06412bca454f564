import type { Resolvers } from '../generated/graphql.ts'
import { logout } from './end-session.ts'
import { login } from './login.ts'
import { refreshSession } from './refresh-session.ts'

export const sessionResolvers = {
  Mutation: {
    login: (_, { input }, ctx) => login(ctx, input),
    refreshSession: (_, { input }, ctx) => refreshSession(ctx, input),
    logout: (_, __, ctx) => logout(ctx),
  },
} satisfies Resolvers
