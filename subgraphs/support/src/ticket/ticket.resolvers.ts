import { reference } from '@switchyard/runtime/subgraph/reference'
import type { Resolvers } from '../generated/graphql.ts'
import { assignTicket } from './assign-ticket.ts'
import { changeTicketStatus } from './change-ticket-status.ts'
import { createTicket } from './create-ticket.ts'
import { ticketPolicy } from './ticket.policy.ts'
import { deleteTicket, updateTicket } from './update-ticket.ts'

export const ticketResolvers = {
  Query: {
    ticket: (_, { id }, ctx) => ctx.tickets.find(id),
    tickets: (_, args, ctx) => ctx.tickets.list(args),
  },
  Mutation: {
    createTicket: (_, { input }, ctx) => createTicket(ctx, input),
    updateTicket: (_, { input }, ctx) => updateTicket(ctx, input),
    assignTicket: (_, { input }, ctx) => assignTicket(ctx, input),
    changeTicketStatus: (_, { input }, ctx) => changeTicketStatus(ctx, input),
    deleteTicket: (_, { input }, ctx) => deleteTicket(ctx, input),
  },
  Subscription: {
    ticketChanged: {
      subscribe: (_, { ticketId, after }, ctx) =>
        ctx.follow(
          ticketPolicy,
          'ticketChanged',
          after,
          ({ entityId }) => ticketId == null || entityId === ticketId.toLowerCase(),
        ),
    },
  },
  Ticket: {
    __resolveReference: ({ id }, ctx) => ctx.tickets.find(id),
    customer: (ticket, _, ctx) => ctx.customers.find(ticket.customerId),
    assignee: (ticket) => reference('User', ticket.assigneeId),
    createdBy: (ticket) => reference('User', ticket.createdById),
  },
  TicketChange: {
    ticketId: (change) => change.id,
    ticket: (change, _, ctx) => ctx.tickets.find(change.id),
  },
  Customer: {
    tickets: (customer, args, ctx) => ctx.tickets.ofCustomer(customer.id, args),
  },
} satisfies Resolvers
