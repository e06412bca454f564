// A ticket belongs to its assignee, to everybody while it waits in the queue, and is seen by whoever may see its customer.
import { any, owned, rowPolicy, through, unowned } from '@switchyard/runtime/rows/policy'
import { customerPolicy } from '../customer/customer.policy.ts'
import { tickets } from './ticket.table.ts'

export const ticketPolicy = rowPolicy(
  'support.ticket',
  tickets,
  any(owned('assigneeId'), unowned('assigneeId'), through(tickets.customerId, customerPolicy)),
)
