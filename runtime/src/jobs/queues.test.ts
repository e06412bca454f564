// Queues and workers, over both of their backends.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { newId } from '../ids.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import type { QueueSettings } from './backend.ts'
import { type JobMeta, mostAttempts, type Schedule } from './job.ts'
import { openQueues } from './queues.ts'
import type { Sources } from './sources.ts'
import { startWorkers } from './worker.ts'

const log = testLog()
let server: TestDatabase
let redis: TestRedis | undefined

beforeAll(async () => {
  server = await testDatabase()
  redis = redisInstalled() ? await startRedis() : undefined
})
afterAll(async () => {
  await redis?.stop()
  await server.drop()
})

const backends = [
  { name: 'PostgreSQL', url: () => undefined, interrupt: () => server.cut('switchyard jobs') },
  {
    name: 'Redis',
    url: () => redis?.url,
    interrupt: async () => {
      await redis?.stop()
      await sleep(200)
      await redis?.start()
    },
  },
].filter(({ name }) => name !== 'Redis' || redisInstalled())

type Run = { job: string; data: unknown; meta: JobMeta }

/** The outer edge: whose events there are, and what was acknowledged. */
function edge() {
  const acknowledged: string[] = []
  const sources: Sources = {
    loadEvent: async (_, id) => (id === 'gone' ? undefined : ({ id } as never)),
    acknowledge: async (_, id) => void acknowledged.push(id),
  }
  return { acknowledged, sources }
}

describe.each(backends)('the queues over $name', ({ url, interrupt }) => {
  const settings = (): QueueSettings => ({ redisUrl: url(), databaseUrl: server.url })
  let names = 0

  function open(queue = `q${++names}`) {
    const queues = openQueues({ ...settings(), names: [queue], log })
    onTestFinished(() => queues.close())
    return { queue, queues }
  }

  type Work = {
    run?: (run: Run) => Promise<void>
    sources?: Sources
    jobs?: { name: string; attempts: number; schedule: Schedule | undefined }[]
    metrics?: Metrics
  }

  function work(
    name: string,
    { run = async () => undefined, sources = edge().sources, jobs = [], metrics = createMetrics() }: Work = {},
  ) {
    const runs: Run[] = []
    const workers = startWorkers({
      ...settings(),
      subgraphs: [
        {
          name,
          jobs,
          concurrency: 5,
          run(job, data, meta) {
            runs.push({ job, data, meta })
            return run({ job, data, meta })
          },
        },
      ],
      sources,
      log,
      metrics,
    })
    onTestFinished(() => workers.close())
    return { runs, workers }
  }

  const aJob = (id = newId(), name = 'remind', delay = 0) => ({
    id,
    name,
    data: { source: 'probe', data: { who: 'me' } },
    delay,
  })

  test('run a job with its data, acknowledge it, and count it', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const metrics = createMetrics()
    const { runs } = work(queue, { sources, metrics })
    const job = aJob()
    await queues.add(queue, [job])
    await vi.waitFor(() => expect(acknowledged).toEqual([job.id]), 5000)
    expect(runs).toEqual([{ job: 'remind', data: { who: 'me' }, meta: { id: job.id, attempt: 1 } }])
    const { values } = await metrics.jobs.get()
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))).toMatchObject({
      labels: { queue, job: 'remind', outcome: 'done' },
      value: 1,
    })
  })

  test('hold a job back until it is due, and say how many wait', async () => {
    const { queue, queues } = open()
    await queues.add(queue, [aJob(newId(), 'remind', 1000), aJob()])
    expect(await queues.depth()).toEqual({ [queue]: { waiting: 1, active: 0, delayed: 1, failed: 0 } })
    const began = Date.now()
    const { runs } = work(queue)
    await vi.waitFor(() => expect(runs).toHaveLength(2), 5000)
    expect(Date.now() - began).toBeGreaterThan(700)
  })

  test('keep one job when it is added twice', async () => {
    const { queue, queues } = open()
    const job = aJob()
    await queues.add(queue, [job])
    await queues.add(queue, [job, aJob()])
    const { runs } = work(queue)
    await vi.waitFor(() => expect(runs).toHaveLength(2), 5000)
    expect(new Set(runs.map(({ meta }) => meta.id)).size).toBe(2)
  })

  test('hand the event itself to who reacts', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const { runs } = work(queue, { sources })
    await queues.add(queue, [
      { ...aJob(), name: 'react', data: { source: 'crm', data: { source: 'crm', eventId: 'e1' } } },
    ])
    await vi.waitFor(() => expect(acknowledged).toHaveLength(1), 5000)
    expect(runs).toMatchObject([{ job: 'react', data: { event: { id: 'e1' } } }])
  })

  test('owe an event that is no longer kept to nobody, and count it as failed', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const metrics = createMetrics()
    const { runs } = work(queue, { sources, metrics })
    await queues.add(queue, [
      { ...aJob(), name: 'react', data: { source: 'crm', data: { source: 'crm', eventId: 'gone' } } },
    ])
    await vi.waitFor(() => expect(acknowledged).toHaveLength(1), 5000)
    expect(runs).toEqual([])
    expect((await metrics.jobs.get()).values[0]?.labels).toMatchObject({ job: 'react', outcome: 'failed' })
  })

  test('try a failed job again, later each time, until it succeeds', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const { runs } = work(queue, {
      sources,
      run: async ({ meta }) =>
        Promise.reject(new Error('not yet')).catch((error) => {
          if (meta.attempt < 2) throw error
        }),
    })
    const job = aJob()
    await queues.add(queue, [job])
    await vi.waitFor(() => expect(acknowledged).toEqual([job.id]), 8000)
    expect(runs.map(({ meta }) => meta)).toEqual([
      { id: job.id, attempt: 1 },
      { id: job.id, attempt: 2 },
    ])
  })

  test('give up a job after its last attempt and owe it no longer, but keep it among the failed', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const jobs = [{ name: 'remind', attempts: 1, schedule: undefined }]
    const { runs } = work(queue, { sources, jobs, run: () => Promise.reject(new Error('never')) })
    const job = aJob()
    await queues.add(queue, [job])
    await vi.waitFor(() => expect(acknowledged).toEqual([job.id]), 5000)
    expect(runs).toHaveLength(1)
    expect(await queues.depth()).toMatchObject({ [queue]: { failed: 1, waiting: 0, delayed: 0 } })
  })

  test('run a scheduled job again and again, and stop when it is no longer declared', async () => {
    const { queue, queues } = open()
    const { runs, workers } = work(queue, {
      jobs: [{ name: 'sweep', attempts: mostAttempts, schedule: { every: 300 } }],
    })
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(1), 8000)
    expect(runs[0]).toMatchObject({ job: 'sweep', data: {} })
    await workers.close()
    const { runs: later } = work(queue)
    await sleep(1500)
    const count = later.length
    await sleep(800)
    expect(later.length - count).toBe(0)
    expect(await queues.depth()).toMatchObject({ [queue]: { delayed: 0 } })
  })

  test('let the jobs under way finish when the worker closes', async () => {
    const { queue, queues } = open()
    const { sources, acknowledged } = edge()
    const { runs, workers } = work(queue, { sources, run: () => sleep(500) })
    await queues.add(queue, [aJob()])
    await vi.waitFor(() => expect(runs).toHaveLength(1), 5000)
    await workers.close()
    expect(acknowledged).toHaveLength(1)
  })

  test('go on by themselves after their connections were lost', async () => {
    const { queue, queues } = open()
    const { runs } = work(queue)
    await queues.add(queue, [aJob()])
    await vi.waitFor(() => expect(runs).toHaveLength(1), 5000)
    await interrupt()
    await vi.waitFor(() => queues.add(queue, [aJob()]), 5000)
    await vi.waitFor(() => expect(runs).toHaveLength(2), 10_000)
  })
})
