import { replyCreated, ticketReplied } from '@switchyard/schema/events/support'
import type { Context } from '../context.ts'
import type { ReplyToTicketInput } from '../generated/graphql.ts'
import { repliedTo } from '../ticket/ticket.ts'
import { newReply } from './reply.ts'

export const replyToTicket = (ctx: Context, input: ReplyToTicketInput) =>
  ctx.transaction(async (tx) => {
    const ticket = await tx.tickets.lock({ id: input.ticketId })
    const { visibility, ...written } = newReply(input, ticket.id, ctx.viewer)
    const next = await tx.tickets.update(repliedTo(ticket, visibility, ctx.viewer, ctx.clock.now()))
    const reply = await tx.replies.insert({ ...written, visibility })
    tx.record(replyCreated(reply, { ticketId: ticket.id, visibility }))
    if (next.version !== ticket.version)
      tx.record(ticketReplied(next, { customerId: next.customerId, replyId: reply.id, visibility }))
    return reply
  })
