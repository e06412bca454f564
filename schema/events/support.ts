// What support tells others: the payload of each event, beside the envelope that every event has.
import { event } from '@switchyard/runtime/events/event'
import { z } from 'zod'

const ofCustomer = { customerId: z.uuid() }
const status = z.enum(['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED'])
const visibility = z.enum(['PUBLIC', 'INTERNAL'])

export const ticketCreated = event('support.ticket.created', ofCustomer)
export const ticketUpdated = event('support.ticket.updated', ofCustomer)
/** Null stands for the queue. */
export const ticketAssigned = event('support.ticket.assigned', {
  ...ofCustomer,
  fromId: z.uuid().nullable(),
  toId: z.uuid().nullable(),
})
export const ticketStatusChanged = event('support.ticket.status_changed', { ...ofCustomer, from: status, to: status })
/** The ticket's side of a reply: its times have changed. */
export const ticketReplied = event('support.ticket.replied', { ...ofCustomer, replyId: z.uuid(), visibility })
export const ticketDeleted = event('support.ticket.deleted', ofCustomer)

export const replyCreated = event('support.reply.created', { ticketId: z.uuid(), visibility })
