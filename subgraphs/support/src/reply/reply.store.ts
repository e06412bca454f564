// All SQL on replies.
import { oneOf } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { pagesByParent } from '@switchyard/runtime/rows/page'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import type { TicketRepliesArgs, TicketReplyFilter, TicketReplyOrderField } from '../generated/graphql.ts'
import { replyPolicy } from './reply.policy.ts'
import { replies } from './reply.table.ts'

const lists: Lists<TicketReplyFilter, TicketReplyOrderField> = {
  filters: { visibility: oneOf(replies.visibility) },
  orders: { CREATED_AT: by(replies.createdAt) },
}

export const replyStore = (scope: Scope) => ({
  ...rowStore(scope, replyPolicy),
  ofTicket: (ticketId: string, args: TicketRepliesArgs) =>
    pagesByParent(scope, replyPolicy, replies.ticketId, ticketId, args, lists),
})

export type ReplyPage = ReturnType<ReturnType<typeof replyStore>['ofTicket']>
