import type { Resolvers } from '../generated/graphql.ts'
import { verifyAndSign } from './checkpoint-chain.ts'

export const chainResolvers = {
  Query: {
    verifyAuditChain: (_, __, ctx) => verifyAndSign(ctx),
  },
} satisfies Resolvers
