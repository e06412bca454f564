// All SQL on sessions.
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, gt, inArray, isNull, lt } from 'drizzle-orm'
import { users } from '../user/user.table.ts'
import type { User } from '../user/user.ts'
import { sessionPolicy } from './session.policy.ts'
import { sessions } from './session.table.ts'

const keptMilliseconds = 30 * 24 * 60 * 60 * 1000
const batch = 1000

import type { Session } from './session.ts'

export const sessionStore = (scope: Scope) => {
  const { db, clock } = scope
  return {
    ...rowStore(scope, sessionPolicy),
    /** Whose session it is, if both still stand: asked when it is not known yet who asks. */
    async standing(id: string, userId: string): Promise<User | null> {
      const isOpen = and(eq(sessions.id, id), isNull(sessions.revokedAt), gt(sessions.expiresAt, clock.now()))
      const [found] = await db
        .select({ user: users })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(isOpen, eq(users.id, userId), eq(users.status, 'ACTIVE')))
      return found?.user ?? null
    },
    /** The sessions of a user that have not ended. */
    openOf: (userId: string): Promise<Session[]> =>
      db
        .select()
        .from(sessions)
        .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, clock.now()))),
    /** Not a change that anybody must hear of: no version, no event. */
    async updateLifetime(id: string, expiresAt: Date): Promise<void> {
      await db.update(sessions).set({ lastSeenAt: clock.now(), expiresAt }).where(eq(sessions.id, id))
    },
    /** Deletes sessions, with their tokens, a month after they could last have been used. */
    async forgetLongOver(): Promise<void> {
      const before = new Date(clock.now().getTime() - keptMilliseconds)
      const oldest = db.select({ id: sessions.id }).from(sessions).where(lt(sessions.expiresAt, before)).limit(batch)
      for (;;) {
        const forgotten = await db.delete(sessions).where(inArray(sessions.id, oldest)).returning({ id: sessions.id })
        if (forgotten.length < batch) return
      }
    },
  }
}
