// A restore, or a failover to a standby that lagged behind: the database has forgotten what its queues have done.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { openLiveChannel } from '../events/live.ts'
import { startRelay } from '../events/relay.ts'
import { newId } from '../ids.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import { openQueues } from './queues.ts'
import { openSources } from './sources.ts'
import { startWorkers } from './worker.ts'

const log = testLog()
const backends = [{ name: 'PostgreSQL' }, { name: 'Redis' }].filter(({ name }) => name !== 'Redis' || redisInstalled())
const eventually = { timeout: 20_000, interval: 50 }

describe.each(backends)('with jobs in $name, after a restore of the database', ({ name }) => {
  let server: TestDatabase
  let redis: TestRedis | undefined
  let database: Database

  beforeAll(async () => {
    server = await testDatabase()
    redis = name === 'Redis' ? await startRedis() : undefined
    database = await bareSubgraph(server.url, 'restored')
  })
  afterAll(async () => {
    await database.close()
    await redis?.stop()
    await server.drop()
  })

  function start(run: (id: string) => Promise<void>) {
    const settings = { redisUrl: redis?.url, databaseUrl: server.url }
    const metrics = createMetrics()
    const live = openLiveChannel({ redisUrl: redis?.url, databases: [database], log })
    const queues = openQueues({ ...settings, names: ['restored'], log })
    const relay = startRelay({ database, live, queues, consumersOf: () => [], log, metrics, clock: systemClock })
    const workers = startWorkers({
      ...settings,
      sources: openSources([database]),
      log,
      metrics,
      subgraphs: [
        {
          name: 'restored',
          jobs: [{ name: 'remind', attempts: 1, schedule: undefined }],
          concurrency: 5,
          run: (_, __, { id }) => run(id),
        },
      ],
    })
    onTestFinished(async () => {
      await workers.close()
      await relay.stop()
      await queues.close()
      await live.close()
    })
    return queues
  }
  /** Pending for the second time, as the backup has it: added a while ago, not acknowledged. */
  const pendingAgain = (id: string) => database.sql`
    insert into restored.dispatches (id, queue, job, data, owed_at) values (${id}, 'restored', 'remind', '{}', now())`
  const pending = (id: string) => database.sql`
    insert into restored.dispatches (id, queue, job, data) values (${id}, 'restored', 'remind', '{}')`
  const pendingIds = async () => (await database.sql`select id from restored.dispatches`).map(({ id }) => id)

  test('a job that the queue has done is done again when the database still holds it as pending', async () => {
    const ran: string[] = []
    const queues = start(async (id) => void ran.push(id))
    const ids = Array.from({ length: 3 }, newId)
    for (const id of ids) await pending(id)
    await expect.poll(pendingIds, eventually).toEqual([])
    await expect.poll(() => queues.depth(), eventually).toMatchObject({ restored: { waiting: 0, active: 0 } })
    for (const id of ids) await pendingAgain(id)
    await expect.poll(pendingIds, eventually).toEqual([])
    expect(ran.toSorted()).toEqual([...ids, ...ids].toSorted())
  })

  test('a job that failed for good is tried again when the database still holds it as pending', async () => {
    let ran = 0
    const queues = start(async () => {
      ran++
      if (ran === 1) throw new Error('not yet')
    })
    const id = newId()
    await pending(id)
    await expect.poll(() => queues.depth(), eventually).toMatchObject({ restored: { failed: 1, active: 0 } })
    await expect.poll(pendingIds, eventually).toEqual([])
    await pendingAgain(id)
    await expect.poll(pendingIds, eventually).toEqual([])
    expect(ran).toBe(2)
    expect(await queues.depth()).toMatchObject({ restored: { failed: 0 } })
  })

  test('a job that is still under way is not begun a second time', async () => {
    let ran = 0
    const finish = Promise.withResolvers<void>()
    start(async () => {
      ran++
      await finish.promise
    })
    const [underWay, next] = [newId(), newId()]
    await pending(underWay)
    await expect.poll(() => ran, eventually).toBe(1)
    await database.sql`update restored.dispatches set owed_at = now()`
    await expect
      .poll(() => database.sql`select from restored.dispatches where owed_at <= now()`, eventually)
      .toEqual([])
    // What is added later has run when all that was added before has had its chance to.
    await pending(next)
    await expect.poll(() => ran, eventually).toBe(2)
    finish.resolve()
    await expect.poll(pendingIds, eventually).toEqual([])
    expect(ran).toBe(2)
  })
})
