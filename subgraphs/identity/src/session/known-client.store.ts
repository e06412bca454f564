// All SQL on which clients have signed in to which accounts.
import type { Scope } from '@switchyard/runtime/rows/scope'
import { lt, sql } from 'drizzle-orm'
import { knownClients } from './session.table.ts'
import { knownClientMs } from './sign-in-limits.ts'

export const knownClientStore = ({ db, clock }: Scope) => ({
  async upsert(userId: string, client: string): Promise<void> {
    const lastSeenAt = clock.now()
    await db
      .insert(knownClients)
      .values({ userId, client, lastSeenAt })
      .onConflictDoUpdate({
        target: [knownClients.userId, knownClients.client],
        set: { lastSeenAt: sql`excluded.last_seen_at` },
      })
  },
  async deleteOld(): Promise<void> {
    await db.delete(knownClients).where(lt(knownClients.lastSeenAt, new Date(clock.now().getTime() - knownClientMs)))
  },
})
