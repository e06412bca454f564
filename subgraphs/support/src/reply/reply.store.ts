// All SQL on replies.
import { oneOf } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { TicketRepliesArgs, TicketReplyFilter, TicketReplyOrderField } from '../generated/graphql.ts'
import { replyPolicy } from './reply.policy.ts'
import { replies } from './reply.table.ts'

const lists: Lists<TicketReplyFilter, TicketReplyOrderField> = {
  filters: { visibility: oneOf(replies.visibility) },
  orders: { CREATED_AT: by(replies.createdAt) },
}

/** A partner is no colleague: what is INTERNAL is not there for it. */
const readBy = ({ kind }: Viewer, { filter, ...args }: TicketRepliesArgs): TicketRepliesArgs => {
  if (kind !== 'PARTNER') return { filter, ...args }
  return { ...args, filter: { and: [{ visibility: ['PUBLIC'] }, filter ?? {}] } }
}

export const replyStore = (scope: Scope) => ({
  ...rowStore(scope, replyPolicy),
  ofTicket: (ticketId: string, args: TicketRepliesArgs) =>
    pagesByParent(scope, replyPolicy, replies.ticketId, ticketId, readBy(scope.viewer, args), lists),
})

export type ReplyPage = ReturnType<ReturnType<typeof replyStore>['ofTicket']>
