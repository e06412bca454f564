// Adds the jobs that are owed to their queues; one that a queue seems to have lost is added again.
import type { Clock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { type JobToAdd, largestJob, type Queues } from '../jobs/queues.ts'
import type { Log } from '../log.ts'

export const enqueueBatch = 200

type Owed = { id: string; queue: string; job: string; data: unknown; due: number | null; again: boolean }

/**
 * Enqueues what is owed and says how much that was. The rows stay locked until their jobs are in the queues, so that
 * a crash in between leaves them owed; adding a job twice does no harm.
 */
export async function enqueueOwed(
  database: Database,
  queues: Pick<Queues, 'add'>,
  clock: Clock,
  log: Log,
): Promise<number> {
  const schema = database.sql(database.schema)
  const [some] = await database.sql`select from ${schema}.dispatches where owed_at <= now() limit 1`
  if (!some) return 0
  return database.sql.begin(async (sql) => {
    const owed = await sql<Owed[]>`
      select id, queue, job, data, (extract(epoch from due_at) * 1000)::float8 as due, owed_at > 'epoch' as again
      from ${schema}.dispatches where owed_at <= now()
      order by owed_at, id limit ${enqueueBatch} for update skip locked`
    const now = clock.now().getTime()
    const fitting = owed.filter(({ data }) => Buffer.byteLength(JSON.stringify(data)) < largestJob - 200)
    const byQueue = Map.groupBy(fitting, ({ queue }) => queue)
    await Promise.all(
      [...byQueue].map(([queue, some]) =>
        queues.add(
          queue,
          some.map((one) => jobOf(one, database.schema, now)),
        ),
      ),
    )
    await sql`
      update ${schema}.dispatches set owed_at = greatest(now(), due_at) + interval '60 seconds'
      where id = any(${fitting.map(({ id }) => id)}::uuid[])`
    for (const { id, queue, job } of owed.filter((one) => !fitting.includes(one))) {
      log.error({ id, queue, job }, 'a job is too large for its queue and is given up')
      await sql`delete from ${schema}.dispatches where id = ${id}`
    }
    return owed.length
  }) as Promise<number>
}

const jobOf = ({ id, job, data, due, again }: Owed, source: string, now: number): JobToAdd => ({
  id,
  again,
  name: job,
  data: { source, data },
  delay: due === null ? 0 : Math.max(0, due - now),
})
