// The jobs of a subgraph that are due and not yet done, as its database holds them: measured, and logged when they wait.
import type { Database } from '../database/pool.ts'
import { startRounds } from '../events/rounds.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'

export const maxCounted = 100_000
const logAfterSeconds = 60
const logIntervalMs = 60_000

export type PendingJobs = {
  /** At most `maxCounted`. */
  readonly count: number
  /** How long the oldest has been due. */
  readonly oldestSeconds: number
}

export async function readPendingJobs({ sql, schema }: Database): Promise<PendingJobs> {
  const [row] = await sql<{ count: number; oldest: number | null }[]>`
    select count(*)::int as count, extract(epoch from now() - min(due))::float8 as oldest from (
      select coalesce(due_at, created_at) as due from ${sql(schema)}.dispatches
      where coalesce(due_at, created_at) <= now() order by coalesce(due_at, created_at) limit ${maxCounted}) as pending`
  return { count: row?.count ?? 0, oldestSeconds: row?.oldest ?? 0 }
}

export type PendingJobsOptions = {
  readonly database: Database
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds between two measurements. */
  readonly every?: number
}

/** Measures now and then; a job that has been due for more than a minute is logged, at most once a minute. */
export function watchPendingJobs({ database, log, metrics, every = 10_000 }: PendingJobsOptions) {
  const subgraph = database.schema
  let logged = Number.NEGATIVE_INFINITY

  async function work() {
    const { count, oldestSeconds } = await readPendingJobs(database)
    metrics.pendingJobs.set({ subgraph }, count)
    metrics.oldestPendingJob.set({ subgraph }, oldestSeconds)
    if (oldestSeconds <= logAfterSeconds || performance.now() - logged < logIntervalMs) return
    logged = performance.now()
    log.warn(
      { subgraph, pending: count, oldestSeconds: Math.round(oldestSeconds) },
      'pending jobs are not done in time',
    )
  }
  return startRounds({ every, work, failed: 'pending jobs cannot be counted', log })
}
