import { integer, uuid } from 'drizzle-orm/pg-core'
import { commerce } from '../commerce.schema.ts'

/** A mirror of crm's customers: who may order, and whose they are. */
export const customers = commerce.table('customers', {
  id: uuid().primaryKey(),
  version: integer().notNull(),
  ownerId: uuid(),
  concessionId: uuid(),
})
