// The job that takes up a sleeping ticket when its time has come.
import { job } from '@switchyard/runtime/jobs/job'
import { ticketStatusChanged } from '@switchyard/schema/events/support'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inStatus, isDue } from './ticket.ts'

export const wakeTicket = job('wake ticket', {
  payload: z.object({ ticketId: z.uuid() }),
  may: ['support.ticket.read', 'support.ticket.update'],
  run: (ctx: Context, { ticketId }) =>
    ctx.transaction(async (tx) => {
      if (!(await tx.tickets.find(ticketId))) return
      const ticket = await tx.tickets.lock({ id: ticketId })
      // Since it was put to sleep it may have been taken up, or put to sleep anew.
      if (!isDue(ticket, ctx.clock.now())) return
      const next = await tx.tickets.update(inStatus(ticket, 'OPEN', ctx.clock.now()))
      tx.record(ticketStatusChanged(next, { customerId: next.customerId, from: ticket.status, to: next.status }))
    }),
})
