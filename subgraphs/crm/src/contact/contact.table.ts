import { entity } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { boolean, index, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'
import { customers } from '../customer/customer.table.ts'

export const contacts = crm.table(
  'contacts',
  {
    ...entity(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    name: text().notNull(),
    email: text(),
    phone: text(),
    title: text(),
    isPrimary: boolean().notNull(),
  },
  (t) => [
    uniqueIndex('contacts_primary_unique').on(t.customerId).where(sql`${t.isPrimary}`),
    index('contacts_of_customer').on(t.customerId, t.createdAt, t.id),
  ],
)
