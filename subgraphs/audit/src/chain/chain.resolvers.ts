import type { Resolvers } from '../generated/graphql.ts'
import { verifyAndSign, verifyPart } from './checkpoint-chain.ts'

export const chainResolvers = {
  Query: {
    verifyAuditChain: (_, args, ctx) =>
      args.after == null && args.first == null
        ? verifyAndSign(ctx, ctx.patience, args.checkpoint)
        : verifyPart(ctx, args),
  },
} satisfies Resolvers
