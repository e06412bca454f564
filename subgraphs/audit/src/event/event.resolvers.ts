import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Context } from '../context.ts'
import type { CustomerAuditTrailArgs, Resolvers } from '../generated/graphql.ts'
import { userOf } from './event.ts'

const auditTrail = ({ id }: { id: string }, args: CustomerAuditTrailArgs, ctx: Context) => ctx.events.ofEntity(id, args)

export const eventResolvers = {
  Query: {
    auditEvents: (_, args, ctx) => ctx.events.list(args),
  },
  AuditEvent: {
    actor: (event) => reference('User', userOf(event)),
    changes: async (event, _, ctx) => (await ctx.events.detail(event.id))?.changes ?? null,
    payload: async (event, _, ctx) => (await ctx.events.detail(event.id))?.payload ?? null,
  },
  Campaign: { auditTrail },
  Customer: { auditTrail },
  Deal: { auditTrail },
  Order: { auditTrail },
  Ticket: { auditTrail },
} satisfies Resolvers
