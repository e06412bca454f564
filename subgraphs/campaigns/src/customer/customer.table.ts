import { index, integer, text, uuid } from 'drizzle-orm/pg-core'
import { campaigns } from '../campaigns.schema.ts'

/** A mirror of crm's customers: whom a campaign may be for, where to write to them, and whose they are. */
export const customers = campaigns.table(
  'customers',
  {
    id: uuid().primaryKey(),
    version: integer().notNull(),
    name: text().notNull(),
    email: text(),
    ownerId: uuid(),
    concessionId: uuid(),
  },
  (t) => [index('customers_of_owner').on(t.ownerId)],
)
