// A ticket: what a customer needs help with, and how it goes from being asked to being done.
import { invalidInput, refused } from '@switchyard/runtime/errors'
import { given, kept, text } from '@switchyard/runtime/input'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { CreateTicketInput, TicketStatus, UpdateTicketInput } from '../generated/graphql.ts'
import type { tickets } from './ticket.table.ts'

export type Ticket = typeof tickets.$inferSelect
type Priority = Ticket['priority']

/** Where a ticket may go from where it stands: what was resolved can be taken up again, what is closed is closed. */
export const allowedNext: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  OPEN: ['PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED'],
  PENDING: ['OPEN', 'SNOOZED', 'RESOLVED', 'CLOSED'],
  SNOOZED: ['OPEN', 'PENDING', 'RESOLVED', 'CLOSED'],
  RESOLVED: ['OPEN', 'CLOSED'],
  CLOSED: [],
}

export const longestBody = 20_000

/** A new ticket: open, of normal priority, in the queue, unless the input says otherwise. */
export const newTicket = (input: CreateTicketInput, maker: Viewer) => ({
  customerId: input.customerId.toLowerCase(),
  status: 'OPEN' as const,
  createdById: userIdOf(maker),
  assigneeId: input.assigneeId?.toLowerCase() ?? null,
  priority: input.priority ?? ('NORMAL' as const),
  ...given(input, { subject: text(), body: text(longestBody) }),
})

export const changedTicket = (ticket: Ticket, input: UpdateTicketInput): Ticket => ({
  ...ticket,
  ...given(input, { subject: text(), priority: kept<Priority> }),
})

/** The ticket in another status; refused where the table above does not allow it. */
export function inStatus(ticket: Ticket, status: TicketStatus, at: Date, until?: Date | null): Ticket {
  const allowed = allowedNext[ticket.status]
  if (!allowed.includes(status)) {
    throw refused('INVALID_TRANSITION', `A ticket may not go from ${ticket.status} to ${status}.`, {
      from: ticket.status,
      to: status,
      allowed,
    })
  }
  return { ...ticket, status, snoozedUntil: snooze(status, at, until), ...times(ticket, status, at) }
}

function snooze(status: TicketStatus, at: Date, until: Date | null | undefined): Date | null {
  if (until == null) return null
  if (status !== 'SNOOZED') throw invalidInput('snoozedUntil', 'Only a ticket that is SNOOZED sleeps until a time.')
  if (until <= at) throw invalidInput('snoozedUntil', 'A ticket sleeps until a time to come.')
  return until
}

/** The times that a status sets: a ticket taken up again is not resolved any more. */
function times(ticket: Ticket, status: TicketStatus, at: Date): Partial<Ticket> {
  if (status === 'RESOLVED') return { resolvedAt: at }
  if (status === 'CLOSED') return { closedAt: at }
  if (ticket.status !== 'RESOLVED') return {}
  return { resolvedAt: null, reopenedAt: at, reopenCount: ticket.reopenCount + 1 }
}

/** Whether a sleeping ticket's time has come. */
export const isDue = (ticket: Ticket, at: Date): boolean =>
  ticket.status === 'SNOOZED' && ticket.snoozedUntil !== null && ticket.snoozedUntil <= at

/** The ticket after a reply; the first public one of a person is the first response. */
export function repliedTo(ticket: Ticket, visibility: 'PUBLIC' | 'INTERNAL', author: Viewer, at: Date): Ticket {
  if (ticket.status === 'CLOSED')
    throw refused('TICKET_CLOSED', 'This ticket is closed: open a new one.', { number: ticket.number })
  const isResponse = visibility === 'PUBLIC' && userIdOf(author) !== null
  return { ...ticket, lastRepliedAt: at, firstRespondedAt: ticket.firstRespondedAt ?? (isResponse ? at : null) }
}
