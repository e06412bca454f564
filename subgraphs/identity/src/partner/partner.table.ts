import { entity, moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { identity } from '../identity.schema.ts'

export const partners = identity.table(
  'partners',
  {
    ...entity(),
    name: text().notNull(),
    /** Names of the registered operations that it may run. */
    operations: text().array().notNull(),
    /** Permission elements that come with them, each for all rows. */
    permissions: text().array().notNull(),
  },
  (t) => [uniqueIndex('partners_name_unique').on(sql`lower(${t.name})`)],
)

/** Apart from the partners, so that no list, event or error can show a hash. */
export const partnerKeys = identity.table('partner_keys', {
  hash: text().primaryKey(),
  partnerId: uuid()
    .notNull()
    .references(() => partners.id),
  createdAt: moment().notNull(),
  revokedAt: moment(),
})
