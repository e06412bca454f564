// A reply: what somebody wrote on a ticket, to the customer or among colleagues.
import { given, text } from '@switchyard/runtime/input'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ReplyToTicketInput } from '../generated/graphql.ts'
import { longestBody } from '../ticket/ticket.ts'
import type { replies } from './reply.table.ts'

export type Reply = typeof replies.$inferSelect

/** Meant for the customer unless the input says otherwise. */
export const newReply = (input: ReplyToTicketInput, ticketId: string, author: Viewer) => ({
  ticketId,
  authorId: userIdOf(author),
  visibility: input.visibility ?? ('PUBLIC' as const),
  ...given(input, { body: text(longestBody) }),
})
