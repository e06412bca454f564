// Jobs that are due and not done: how many there are, for how long, and who hears of it.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { readPendingJobs, watchPendingJobs } from './pending.ts'

let server: TestDatabase
let schemas = 0

beforeAll(async () => {
  server = await testDatabase()
})
afterAll(() => server.drop())

async function subgraph(): Promise<Database> {
  const database = await bareSubgraph(server.url, `waiting${++schemas}`)
  onTestFinished(() => database.close())
  return database
}

type Pending = { createdSecondsAgo?: number; dueInSeconds?: number }

async function add({ sql, schema }: Database, { createdSecondsAgo = 0, dueInSeconds }: Pending) {
  const due = dueInSeconds === undefined ? null : dueInSeconds
  await sql`
    insert into ${sql(schema)}.dispatches (id, queue, job, data, created_at, due_at)
    values (${newId()}, 'probe', 'remind', '{}', now() - make_interval(secs => ${createdSecondsAgo}),
      now() + make_interval(secs => ${due}))`
}

test('a job counts as pending from when it is due until it is done', async () => {
  const database = await subgraph()
  expect(await readPendingJobs(database)).toEqual({ count: 0, oldestSeconds: 0 })
  await add(database, { createdSecondsAgo: 100 })
  await add(database, { createdSecondsAgo: 5000, dueInSeconds: -200 })
  await add(database, { createdSecondsAgo: 5000, dueInSeconds: 3600 })
  const { count, oldestSeconds } = await readPendingJobs(database)
  expect(count).toBe(2)
  expect(Math.floor(oldestSeconds)).toBe(200)
})

test('pending jobs are measured, and logged with their age once a minute when they wait for longer than that', async () => {
  const database = await subgraph()
  const metrics = createMetrics()
  const lines: Record<string, unknown>[] = []
  const write = (chunk: Buffer, _: string, done: () => void) => {
    lines.push(JSON.parse(chunk.toString()))
    done()
  }
  const log = pino({ level: 'info' }, new Writable({ write }))
  await add(database, {})
  const rounds = watchPendingJobs({ database, log, metrics, every: 10 })
  onTestFinished(() => rounds.stop())
  const pending = async () => (await metrics.pendingJobs.get()).values.map(({ value }) => value)
  await expect.poll(pending).toEqual([1])
  expect(lines).toEqual([])
  await add(database, { createdSecondsAgo: 120 })
  await expect.poll(pending).toEqual([2])
  await add(database, {})
  await expect.poll(pending).toEqual([3])
  expect(lines).toMatchObject([
    { level: 40, subgraph: database.schema, pending: 2, oldestSeconds: 120, msg: 'pending jobs are not done in time' },
  ])
  const [oldest] = (await metrics.oldestPendingJob.get()).values
  expect(oldest).toMatchObject({ labels: { subgraph: database.schema } })
  expect(oldest?.value).toBeGreaterThanOrEqual(120)
})
