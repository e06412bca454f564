// What the ledger forgets, and when: published events, the inbox, kept results of mutations.
import type { Sql } from 'postgres'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { type Job, job } from '../jobs/job.ts'
import type { Log } from '../log.ts'

const days = 24 * 60 * 60 * 1000
const keptFor = { events: 30 * days, inbox: 90 * days, idempotencyKeys: 1 * days }
const batch = 1000

export type RetentionOptions = { readonly database: Database; readonly clock: Clock; readonly log: Log }
export type Forgotten = { readonly events: number; readonly inbox: number; readonly idempotencyKeys: number }

/** The daily job of a subgraph that keeps its ledger from growing without end. */
export const retentionJob = (options: RetentionOptions): Job<never, unknown> =>
  job('retention', {
    payload: z.unknown(),
    schedule: { pattern: '20 3 * * *' },
    run: async () => void (await forgetOld(options)),
  })

export async function forgetOld({ database, clock, log }: RetentionOptions): Promise<Forgotten> {
  const { sql, schema } = database
  const before = (age: number) => new Date(clock.now().getTime() - age).toISOString()
  const table = (name: string) => sql(`${schema}.${name}`)
  const forgotten = {
    events: await untilNone(() => forgetEvents(sql, schema, before(keptFor.events))),
    inbox: await untilNone(
      () => sql`
        delete from ${table('inbox')} where ctid = any(array(
          select ctid from ${table('inbox')} where handled_at < ${before(keptFor.inbox)} limit ${batch}))`,
    ),
    idempotencyKeys: await untilNone(
      () => sql`
        delete from ${table('idempotency_keys')} where ctid = any(array(
          select ctid from ${table('idempotency_keys')} where created_at < ${before(keptFor.idempotencyKeys)} limit ${batch}))`,
    ),
  }
  log.info(forgotten, 'old entries of the ledger are forgotten')
  return forgotten
}

/**
 * Forgets the oldest positions, never one in between: up to the first event that is too young, or that a subgraph has
 * still to react to.
 */
function forgetEvents(sql: Sql, name: string, before: string) {
  const schema = sql(name)
  return sql.begin(
    (sql) => sql`
      with young as (
        select min(position) as position from ${schema}.outbox where position is not null and occurred_at >= ${before}
      ), awaited as (
        select min(o.position) as position from ${schema}.outbox o
        join ${schema}.dispatches d on d.job = 'react' and (d.data ->> 'eventId')::uuid = o.id
      ), forgotten as (
        delete from ${schema}.outbox where id in (
          select id from ${schema}.outbox
          where position < least((select position from young), (select position from awaited), 9223372036854775807)
          order by position limit ${batch})
        returning position
      ), noted as (
        update ${schema}.outbox_head set pruned_to = greatest(pruned_to, (select max(position) from forgotten))
        where exists (select from forgotten)
      )
      select from forgotten`,
  )
}

async function untilNone(forgetSome: () => PromiseLike<{ readonly count: number }>): Promise<number> {
  let total = 0
  for (;;) {
    const { count } = await forgetSome()
    total += count
    if (count < batch) return total
  }
}
