import { entity } from '@switchyard/runtime/database/columns'
import { index, text, uuid } from 'drizzle-orm/pg-core'
import { support } from '../support.schema.ts'
import { tickets } from '../ticket/ticket.table.ts'

export const replyVisibility = support.enum('reply_visibility', ['PUBLIC', 'INTERNAL'])

export const replies = support.table(
  'replies',
  {
    ...entity(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    visibility: replyVisibility().notNull(),
    body: text().notNull(),
    authorId: uuid(),
  },
  (t) => [index('replies_of_ticket').on(t.ticketId, t.createdAt, t.id)],
)
