import type { Resolvers } from '../generated/graphql.ts'
import { verifyAndSign, verifyPart } from './checkpoint-chain.ts'

export const chainResolvers = {
  Query: {
    verifyAuditChain: (_, { after, first }, ctx) =>
      after == null && first == null
        ? verifyAndSign(ctx, ctx.patience)
        : verifyPart(ctx, { after: after ?? 0n, first }),
  },
} satisfies Resolvers
