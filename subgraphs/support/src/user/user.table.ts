import { integer, text, uuid } from 'drizzle-orm/pg-core'
import { support } from '../support.schema.ts'

/** A mirror of identity's users: who may be given a ticket. */
export const users = support.table('users', {
  id: uuid().primaryKey(),
  version: integer().notNull(),
  name: text().notNull(),
  status: text().notNull(),
})
