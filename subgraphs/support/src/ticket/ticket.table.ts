import { entity, moment, recoverable, searchable } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { support } from '../support.schema.ts'

export const ticketStatus = support.enum('ticket_status', ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'CLOSED'])
export const ticketPriority = support.enum('ticket_priority', ['LOW', 'NORMAL', 'HIGH', 'URGENT'])

/** The numbers by which people call tickets; one that was given and taken back is not given again. */
export const ticketNumbers = support.sequence('ticket_numbers', { startWith: 1001 })

export const tickets = support.table(
  'tickets',
  {
    ...entity(),
    ...recoverable(),
    number: text().notNull().default(sql`'T-' || nextval('support.ticket_numbers')`),
    customerId: uuid().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    status: ticketStatus().notNull(),
    priority: ticketPriority().notNull(),
    /** Null while it waits in the queue. */
    assigneeId: uuid(),
    createdById: uuid(),
    firstRespondedAt: moment(),
    lastRepliedAt: moment(),
    snoozedUntil: moment(),
    resolvedAt: moment(),
    closedAt: moment(),
    reopenedAt: moment(),
    reopenCount: integer().notNull().default(0),
    search: searchable('support', 'number', 'subject'),
  },
  (t) => [
    uniqueIndex('tickets_number_unique').on(t.number),
    index('tickets_newest').on(t.createdAt, t.id),
    index('tickets_last_changed').on(t.updatedAt, t.id),
    index('tickets_by_priority').on(t.priority, t.id),
    index('tickets_of_assignee').on(t.assigneeId, t.createdAt, t.id),
    index('tickets_of_customer').on(t.customerId, t.createdAt, t.id),
    index('tickets_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)
