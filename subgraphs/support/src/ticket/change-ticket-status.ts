import { ticketStatusChanged } from '@switchyard/schema/events/support'
import type { Context } from '../context.ts'
import type { ChangeTicketStatusInput } from '../generated/graphql.ts'
import { inStatus } from './ticket.ts'
import { wakeTicket } from './wake-ticket.ts'

export const changeTicketStatus = (ctx: Context, input: ChangeTicketStatusInput) =>
  ctx.transaction(async (tx) => {
    const ticket = await tx.tickets.lock(input)
    const next = await tx.tickets.update(inStatus(ticket, input.status, ctx.clock.now(), input.snoozedUntil))
    tx.record(ticketStatusChanged(next, { customerId: next.customerId, from: ticket.status, to: next.status }))
    if (next.snoozedUntil) tx.enqueue(wakeTicket, { ticketId: next.id }, { dueAt: next.snoozedUntil })
    return next
  })
