import { ticketDeleted, ticketUpdated } from '@switchyard/schema/events/support'
import type { Context } from '../context.ts'
import type { DeleteTicketInput, UpdateTicketInput } from '../generated/graphql.ts'
import { changedTicket } from './ticket.ts'

export const updateTicket = (ctx: Context, input: UpdateTicketInput) =>
  ctx.transaction(async (tx) => {
    const ticket = await tx.tickets.lock(input)
    const next = await tx.tickets.update(changedTicket(ticket, input))
    if (next.version !== ticket.version) tx.record(ticketUpdated(next, { customerId: next.customerId }))
    return next
  })

export const deleteTicket = (ctx: Context, input: DeleteTicketInput) =>
  ctx.transaction(async (tx) => {
    const ticket = await tx.tickets.remove(await tx.tickets.lock(input, 'delete'))
    tx.record(ticketDeleted(ticket, { customerId: ticket.customerId }))
    return ticket
  })
