import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { replyToTicket } from './reply-to-ticket.ts'

export const replyResolvers = {
  Mutation: {
    replyToTicket: (_, { input }, ctx) => replyToTicket(ctx, input),
  },
  Ticket: {
    replies: (ticket, args, ctx) => ctx.replies.ofTicket(ticket.id, args),
  },
  TicketReply: {
    ticket: (reply, _, ctx) => ctx.tickets.find(reply.ticketId),
    author: (reply) => reference('User', reply.authorId),
  },
} satisfies Resolvers
