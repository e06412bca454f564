import { entity, moment } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
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

export const signInScope = identity.enum('sign_in_scope', ['PAIR', 'ACCOUNT', 'CLIENT'])

/** Failed attempts to sign in, as `sign-in-limits.ts` counts them. */
export const signInFailures = identity.table(
  'sign_in_failures',
  {
    scope: signInScope().notNull(),
    /** Hashes of the account that was tried and of the client, by which neither can be read. */
    subject: text().notNull(),
    failures: integer().notNull(),
    failedAt: moment().notNull(),
    /** When the next attempt may be made. */
    retryAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.subject] }), index('sign_in_failures_age').on(t.failedAt)],
)

/** Clients that have signed in to an account, by a hash of their address. */
export const knownClients = identity.table(
  'known_clients',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id),
    client: text().notNull(),
    lastSeenAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.client] }), index('known_clients_age').on(t.lastSeenAt)],
)
