import { entity, moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { index, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { identity } from '../identity.schema.ts'
import { users } from '../user/user.table.ts'

export const sessions = identity.table(
  'sessions',
  {
    ...entity(),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    lastSeenAt: moment().notNull(),
    expiresAt: moment().notNull(),
    revokedAt: moment(),
    ipAddress: text(),
    userAgent: text(),
  },
  (t) => [
    index('sessions_of_user').on(t.userId, t.createdAt, t.id),
    index('sessions_living').on(t.userId).where(sql`${t.revokedAt} is null`),
    index('sessions_age').on(t.expiresAt),
  ],
)

/** A session's refresh tokens, by their hashes: each is the successor of the one before, and only the last is unspent. */
export const refreshTokens = identity.table(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    /** 1 for the session's first. */
    position: integer().notNull(),
    expiresAt: moment().notNull(),
    spentAt: moment(),
  },
  (t) => [uniqueIndex('refresh_tokens_position_unique').on(t.sessionId, t.position)],
)

/** Failed attempts to sign in, by a hash of the address that was tried, whether anybody has it or not. */
export const signInFailures = identity.table(
  'sign_in_failures',
  { address: text().primaryKey(), count: integer().notNull(), since: moment().notNull() },
  (t) => [index('sign_in_failures_age').on(t.since)],
)
