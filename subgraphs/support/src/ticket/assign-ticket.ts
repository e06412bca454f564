import { ticketAssigned } from '@switchyard/schema/events/support'
import type { Context } from '../context.ts'
import type { AssignTicketInput } from '../generated/graphql.ts'
import { mustBeAssignable } from '../user/user.ts'

/** Gives a ticket to somebody, or back to the queue. Of several who take one at once, the first to lock it has it. */
export const assignTicket = (ctx: Context, input: AssignTicketInput) =>
  ctx.transaction(async (tx) => {
    const ticket = await tx.tickets.lock(input, 'assign')
    await mustBeAssignable(tx, input.assigneeId)
    const assigneeId = input.assigneeId?.toLowerCase() ?? null
    const next = await tx.tickets.update({ ...ticket, assigneeId }, 'assign')
    if (next.version !== ticket.version) {
      const { customerId } = next
      tx.record(ticketAssigned(next, { customerId, fromId: ticket.assigneeId, toId: assigneeId }))
    }
    return next
  })
