// All SQL on tickets.
import { byId, byMoment, oneOf, searchIn } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { page, pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import type { CustomerTicketsArgs, QueryTicketsArgs, TicketFilter, TicketOrderField } from '../generated/graphql.ts'
import { ticketPolicy } from './ticket.policy.ts'
import { tickets } from './ticket.table.ts'

const lists: Lists<TicketFilter, TicketOrderField> = {
  filters: {
    status: oneOf(tickets.status),
    priority: oneOf(tickets.priority),
    assigneeId: byId(tickets.assigneeId),
    customerId: byId(tickets.customerId),
    createdAt: byMoment(tickets.createdAt),
  },
  search: searchIn(tickets.search),
  orders: {
    CREATED_AT: by(tickets.createdAt),
    UPDATED_AT: by(tickets.updatedAt),
    PRIORITY: { expression: tickets.priority, type: 'support.ticket_priority' },
  },
}

export const ticketStore = (scope: Scope) => ({
  ...rowStore(scope, ticketPolicy),
  list: (args: QueryTicketsArgs) => page(scope, ticketPolicy, args, lists),
  ofCustomer: (customerId: string, args: CustomerTicketsArgs) =>
    pagesByParent(scope, ticketPolicy, tickets.customerId, customerId, args, lists),
})

export type TicketPage = ReturnType<ReturnType<typeof ticketStore>['list']>
