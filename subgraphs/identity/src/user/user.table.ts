import { entity, moment, searchable } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { type AnyPgColumn, index, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { identity } from '../identity.schema.ts'

export const userStatus = identity.enum('user_status', ['INVITED', 'ACTIVE', 'BLOCKED', 'DEACTIVATED'])

export const users = identity.table(
  'users',
  {
    ...entity(),
    name: text().notNull(),
    email: text(),
    status: userStatus().notNull(),
    locale: text().notNull(),
    timeZone: text().notNull(),
    managerId: uuid().references((): AnyPgColumn => users.id),
    /** Whose tokens name the user, and by what; null for a user who signs in here. */
    issuer: text(),
    subject: text(),
    emailVerifiedAt: moment(),
    twoFactorEnabledAt: moment(),
    lastSeenAt: moment(),
    search: searchable('identity', 'name'),
  },
  (t) => [
    uniqueIndex('users_email_unique').on(sql`lower(${t.email})`),
    uniqueIndex('users_subject_unique').on(t.issuer, t.subject),
    index('users_newest').on(t.createdAt, t.id),
    index('users_by_name').on(t.name, t.id),
    index('users_of_manager').on(t.managerId),
    index('users_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)

/** Apart from the users, so that no list, event or error can show a hash. */
export const passwords = identity.table('passwords', {
  userId: uuid()
    .primaryKey()
    .references(() => users.id),
  hash: text().notNull(),
  changedAt: moment().notNull(),
})
