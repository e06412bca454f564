// A reply is part of its ticket.
import { seenThrough } from '@switchyard/runtime/rows/policy'
import { ticketPolicy } from '../ticket/ticket.policy.ts'
import { replies } from './reply.table.ts'

export const replyPolicy = seenThrough('support.reply', replies, replies.ticketId, ticketPolicy)
