import { integer, uuid } from 'drizzle-orm/pg-core'
import { support } from '../support.schema.ts'

/** A mirror of crm's customers: whether there is one, and whose it is. */
export const customers = support.table('customers', {
  id: uuid().primaryKey(),
  version: integer().notNull(),
  ownerId: uuid(),
  concessionId: uuid(),
})
