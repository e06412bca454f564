// All SQL on failed attempts to sign in. It takes part in no transaction: a failure counts whatever comes of it.
import type { Scope } from '@switchyard/runtime/rows/scope'
import { eq, lte, sql } from 'drizzle-orm'
import { signInFailures } from './session.table.ts'

const windowSeconds = 15 * 60
/** What NIST SP 800-63B allows at most: enough for a person who has forgotten, nothing to a machine that guesses. */
const mostFailures = 100

export const signInFailureStore = ({ db, clock }: Scope) => {
  const windowStart = () => new Date(clock.now().getTime() - windowSeconds * 1000)
  return {
    /** For how many seconds the address must wait; 0 when it may be tried. */
    async wait(address: string): Promise<number> {
      const [failed] = await db.select().from(signInFailures).where(eq(signInFailures.address, address))
      if (!failed || failed.count < mostFailures) return 0
      return Math.max(0, Math.ceil((failed.since.getTime() - windowStart().getTime()) / 1000))
    },
    async note(address: string): Promise<void> {
      await db.delete(signInFailures).where(lte(signInFailures.since, windowStart()))
      await db
        .insert(signInFailures)
        .values({ address, count: 1, since: clock.now() })
        .onConflictDoUpdate({ target: signInFailures.address, set: { count: sql`${signInFailures.count} + 1` } })
    },
    async forget(address: string): Promise<void> {
      await db.delete(signInFailures).where(eq(signInFailures.address, address))
    },
  }
}
