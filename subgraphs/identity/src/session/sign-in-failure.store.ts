// All SQL on failed attempts to sign in. It takes part in no transaction: a failure counts whatever comes of it.
import { mayRunAgain } from '@switchyard/runtime/database/failures'
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

  async function reserved(attempt: Attempt): Promise<boolean> {
    const counted = countedBy(attempt)
    // forgotten: as if it were the first
    const isOld = sql`${failures.failedAt} <= ${after(perScope(({ memory }) => -memory))}`
    const count = sql`case when ${isOld} then 1 else ${failures.failures} + 1 end`
    const beyond = sql`${count} - ${perScope(({ free }) => free)}`
    const seconds = sql`case when ${beyond} < 0 then 0 else least(${perScope(({ maxWait }) => maxWait)}, power(2, least(${beyond}, 20))) end`
    const rows = await db.execute(sql`
      with held as (
        select retry_at from ${failures} where ${amongst(counted)} order by scope, subject for update
      )
      insert into ${failures} (scope, subject, failures, failed_at, retry_at)
      select scope::identity.sign_in_scope, subject, 1, ${now()}, ${now()}
      from (values ${rowsOf(counted)}) as counted (scope, subject)
      where not exists (select from held where retry_at > ${now()})
      order by scope::identity.sign_in_scope, subject
      on conflict (scope, subject) do update
      set failures = ${count}, failed_at = ${now()}, retry_at = ${after(seconds)}
      where ${failures.retryAt} <= ${now()}
      returning 1`)
    return rows.length === counted.length
  }

  return {
    /**
     * Counts the attempt as a failure before it is made, so that of many at once only as many are made as may fail;
     * answers for how many seconds it must wait, and counts nothing, where it may not be made.
     */
    async reserve(attempt: Attempt): Promise<number> {
      const isReserved = await reserved(attempt).catch((error: unknown) => {
        // two attempts that are the first of an account or a client may wait for each other
        if (mayRunAgain(error)) return reserved(attempt)
        throw error
      })
      return isReserved ? 0 : Math.max(1, await wait(attempt))
    },
    /** Takes back what was reserved for an attempt that has succeeded, and the failures of this client before it. */
    async forgive(attempt: Attempt): Promise<void> {
      const [pair, ...others] = countedBy(attempt)
      if (pair) await db.delete(failures).where(amongst([pair]))
      if (others.length === 0) return
      await db.execute(sql`
        with held as (
          select scope, subject from ${failures} where ${amongst(others)} order by scope, subject for update
        )
        update ${failures} set failures = greatest(0, ${failures.failures} - 1), retry_at = ${now()}
        from held where ${failures.scope} = held.scope and ${failures.subject} = held.subject`)
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
