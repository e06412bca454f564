// The role law of support: what each field asks of the viewer's roles. Whose rows are whose stands in the policies.
import { can, law } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

export const permissions = law<Resolvers>({
  Query: {
    ticket: can('support.ticket.read'),
    tickets: can('support.ticket.read'),
  },
  Mutation: {
    createTicket: can('support.ticket.create'),
    updateTicket: can('support.ticket.update'),
    assignTicket: can('support.ticket.assign'),
    changeTicketStatus: can('support.ticket.update'),
    replyToTicket: can('support.reply.create'),
    deleteTicket: can('support.ticket.delete'),
  },
  Subscription: {
    ticketChanged: can('support.ticket.read'),
  },
  Customer: {
    tickets: can('support.ticket.read'),
  },
  Ticket: {
    replies: can('support.reply.read'),
  },
})
