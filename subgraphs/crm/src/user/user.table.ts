import { integer, text, uuid } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'

/** A mirror of identity's users: who may own something. */
export const users = crm.table('users', {
  id: uuid().primaryKey(),
  version: integer().notNull(),
  name: text().notNull(),
  status: text().notNull(),
})
