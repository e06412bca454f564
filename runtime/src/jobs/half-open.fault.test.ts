// Connections on which nobody answers any more although nobody closed them: jobs and events go on by themselves.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { type Database, openDatabase } from '../database/pool.ts'
import { followOutbox } from '../events/follower.ts'
import { openLiveChannel } from '../events/live.ts'
import { startRelay } from '../events/relay.ts'
import { newId } from '../ids.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { startProxy, type TestProxy } from '../testing/proxy.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import { openQueues } from './queues.ts'
import { openSources } from './sources.ts'
import { startWorkers } from './worker.ts'

const log = testLog()
const backends = [{ name: 'PostgreSQL' }, { name: 'Redis' }].filter(({ name }) => name !== 'Redis' || redisInstalled())
const within = (seconds: number) => ({ timeout: seconds * 1000, interval: 100 })

describe.each(backends)('with jobs and live events over $name', ({ name }) => {
  let server: TestDatabase
  let redis: TestRedis | undefined
  /** Past the proxies. */
  let direct: Database
  let schemas = 0

  beforeAll(async () => {
    server = await testDatabase()
    redis = name === 'Redis' ? await startRedis() : undefined
  })
  afterAll(async () => {
    await redis?.stop()
    await server.drop()
  })

  let proxies: readonly TestProxy[]
  let ends: AsyncDisposableStack
  const ran: string[] = []
  const heard: string[] = []

  beforeEach(async () => {
    ends = new AsyncDisposableStack()
    const schema = `cut${++schemas}`
    direct = await bareSubgraph(server.url, schema)
    ends.defer(() => direct.close())
    const toDatabase = await startProxy(server.url)
    const toRedis = redis && (await startProxy(redis.url))
    proxies = [toDatabase, ...(toRedis ? [toRedis] : [])]
    ends.defer(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))))

    const database = openDatabase({ url: toDatabase.url, schema, max: 5, log })
    ends.defer(() => database.close())
    const settings = { redisUrl: toRedis?.url, databaseUrl: toDatabase.url }
    const live = openLiveChannel({ redisUrl: settings.redisUrl, databases: [database], log })
    ends.defer(() => live.close())
    const queues = openQueues({ ...settings, names: [schema], log })
    ends.defer(() => queues.close())
    const metrics = createMetrics()
    const relay = startRelay({ database, live, queues, consumersOf: () => [], log, metrics, clock: systemClock })
    ends.defer(() => relay.stop())
    const run = async (_: string, __: unknown, { id }: { id: string }) => void ran.push(id)
    const subgraphs = [{ name: schema, jobs: [], concurrency: 2, run }]
    const workers = startWorkers({ ...settings, subgraphs, sources: openSources([database]), log, metrics })
    ends.defer(() => workers.close())
    const follower = followOutbox({ database, live, log })
    ends.defer(() => follower.close())
    const events = follower.since(undefined)
    void (async () => {
      for await (const event of events) heard.push(event.id)
    })()
    await events.ready
  })
  afterEach(() => ends.disposeAsync())

  const job = async () => {
    const id = newId()
    const { sql, schema } = direct
    await sql`insert into ${sql(schema)}.dispatches (id, queue, job, data) values (${id}, ${schema}, 'remind', '{}')`
    return id
  }
  const works = async (seconds: number) => {
    const [jobId, eventId] = [await job(), await recordEvent(direct)]
    await expect.poll(() => ran, within(seconds)).toContain(jobId)
    await expect.poll(() => heard, within(seconds)).toContain(eventId)
  }
  const noticed = async () => {
    for (const proxy of proxies) {
      const before = proxy.closedByClients()
      await expect.poll(() => proxy.closedByClients() - before, within(60)).toBeGreaterThan(1)
    }
  }

  test('a job runs and an event arrives within 30 s after bytes were lost for a while', async () => {
    await works(20)
    for (const proxy of proxies) proxy.silence()
    const meanwhile = [await job(), await job()]
    await noticed()
    for (const proxy of proxies) proxy.restore()
    await works(30)
    await expect.poll(() => ran, within(30)).toEqual(expect.arrayContaining(meanwhile))
  }, 180_000)

  test('a job runs and an event arrives after all connections have gone dead while they were idle', async () => {
    await works(20)
    for (const proxy of proxies) proxy.strand()
    await works(60)
    // Also those on which nothing is asked, as on a subscriber's.
    for (const proxy of proxies) await expect.poll(() => proxy.stranded(), within(60)).toBe(0)
    await works(20)
  }, 180_000)

  test('all that a process has open closes while nobody answers', async () => {
    await works(20)
    for (const proxy of proxies) proxy.silence()
    await ends.disposeAsync()
  }, 60_000)
})
