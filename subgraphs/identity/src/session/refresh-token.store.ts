// All SQL on refresh tokens.
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, desc, eq, lt } from 'drizzle-orm'
import { users } from '../user/user.table.ts'
import type { User } from '../user/user.ts'
import { refreshTokens, sessions } from './session.table.ts'
import type { RefreshToken } from './session.ts'

export const refreshTokenStore = ({ db, clock }: Scope) => ({
  /** The session that a token belongs to, spent or not, and whose it is. */
  async origin(hash: string): Promise<{ sessionId: string; user: User } | null> {
    const [found] = await db
      .select({ sessionId: sessions.id, user: users })
      .from(refreshTokens)
      .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(refreshTokens.hash, hash))
    return found ?? null
  },
  /** A session's tokens, the newest first. */
  ofSession: (sessionId: string): Promise<RefreshToken[]> =>
    db.select().from(refreshTokens).where(eq(refreshTokens.sessionId, sessionId)).orderBy(desc(refreshTokens.position)),
  async insert(token: Omit<RefreshToken, 'spentAt'>): Promise<void> {
    await db.insert(refreshTokens).values(token)
  },
  async updateSpent(hash: string): Promise<void> {
    await db.update(refreshTokens).set({ spentAt: clock.now() }).where(eq(refreshTokens.hash, hash))
  },
  /** Tokens that have expired prove nothing any more. */
  async removeExpired(sessionId: string): Promise<void> {
    await db
      .delete(refreshTokens)
      .where(and(eq(refreshTokens.sessionId, sessionId), lt(refreshTokens.expiresAt, clock.now())))
  },
})
