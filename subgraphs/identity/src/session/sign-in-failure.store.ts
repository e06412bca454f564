// All SQL on failed attempts to sign in. It takes part in no transaction: a failure counts whatever comes of it.
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm'
import { signInFailures as failures } from './session.table.ts'
import {
  type Attempt,
  type Counted,
  countedBy,
  failureMemoryMs,
  type SignInLimit,
  signInLimits,
} from './sign-in-limits.ts'

export const signInFailureStore = ({ db, clock }: Scope) => {
  const after = (seconds: SQL) => sql`${clock.now().toISOString()}::timestamptz + ${seconds} * interval '1 second'`
  const now = () => sql`${clock.now().toISOString()}::timestamptz`

  /** For how many seconds the attempt must wait; 0 when it may be made. */
  async function wait(attempt: Attempt): Promise<number> {
    const [found] = await db
      .select({ retryAt: sql<Date>`max(${failures.retryAt})`.mapWith(failures.retryAt) })
      .from(failures)
      .where(amongst(countedBy(attempt)))
    const left = found?.retryAt ? found.retryAt.getTime() - clock.now().getTime() : 0
    return Math.max(0, Math.ceil(left / 1000))
  }

  return {
    /**
     * Counts the attempt as a failure before it is made, so that of many at once only as many are made as may fail;
     * answers for how many seconds it must wait, and counts nothing, where it may not be made.
     */
    async reserve(attempt: Attempt): Promise<number> {
      const counted = countedBy(attempt)
      // forgotten: as if it were the first
      const isOld = sql`${failures.failedAt} <= ${after(perScope(({ memory }) => -memory))}`
      const count = sql`case when ${isOld} then 1 else ${failures.failures} + 1 end`
      const beyond = sql`${count} - ${perScope(({ free }) => free)}`
      const seconds = sql`case when ${beyond} < 0 then 0 else least(${perScope(({ maxWait }) => maxWait)}, power(2, least(${beyond}, 20))) end`
      const reserved = await db.execute(sql`
        with held as (
          select retry_at from ${failures} where ${amongst(counted)} order by scope, subject for update
        )
        insert into ${failures} (scope, subject, failures, failed_at, retry_at)
        select scope::${sql.raw('identity.sign_in_scope')}, subject, 1, ${now()}, ${now()}
        from (values ${rowsOf(counted)}) as counted (scope, subject)
        where not exists (select from held where retry_at > ${now()})
        order by scope, subject
        on conflict (scope, subject) do update
        set failures = ${count}, failed_at = ${now()}, retry_at = ${after(seconds)}
        where ${failures.retryAt} <= ${now()}
        returning 1`)
      return reserved.length === counted.length ? 0 : Math.max(1, await wait(attempt))
    },

    /** Takes back what was reserved for an attempt that was not made, or that succeeded: then its failures before, too. */
    async release(attempt: Attempt, hasSucceeded: boolean): Promise<void> {
      const [pair, ...others] = countedBy(attempt)
      const given = hasSucceeded ? others : countedBy(attempt)
      if (hasSucceeded && pair) await db.delete(failures).where(amongst([pair]))
      if (given.length === 0) return
      await db
        .update(failures)
        .set({ failures: sql`greatest(0, ${failures.failures} - 1)`, retryAt: clock.now() })
        .where(amongst(given))
    },

    async deleteOld(): Promise<void> {
      await db.delete(failures).where(lt(failures.failedAt, new Date(clock.now().getTime() - failureMemoryMs)))
    },
  }
}

const amongst = (counted: readonly Counted[]) =>
  or(...counted.map(({ scope, subject }) => and(eq(failures.scope, scope), eq(failures.subject, subject))))

const rowsOf = (counted: readonly Counted[]) =>
  sql.join(
    counted.map(({ scope, subject }) => sql`(${scope}::text, ${subject}::text)`),
    sql`, `,
  )

/** A number that depends on the row's scope. */
function perScope(numberOf: (limit: SignInLimit) => number): SQL {
  const { PAIR, ACCOUNT, CLIENT } = signInLimits
  const [pair, account, client] = [PAIR, ACCOUNT, CLIENT].map((limit) => sql.raw(String(numberOf(limit))))
  return sql`(case ${failures.scope} when 'PAIR' then ${pair} when 'ACCOUNT' then ${account} else ${client} end)`
}
