import { ticketCreated } from '@switchyard/schema/events/support'
import type { Context } from '../context.ts'
import type { CreateTicketInput } from '../generated/graphql.ts'
import { mustBeAssignable } from '../user/user.ts'
import { newTicket } from './ticket.ts'

export const createTicket = (ctx: Context, input: CreateTicketInput) =>
  ctx.transaction(async (tx) => {
    await tx.customers.get(input.customerId)
    await mustBeAssignable(tx, input.assigneeId)
    const ticket = await tx.tickets.insert(newTicket(input, ctx.viewer))
    tx.record(ticketCreated(ticket, { customerId: ticket.customerId }))
    return ticket
  })
