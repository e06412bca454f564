// An event is owed to whoever reacts to it until that has been done, however long it takes.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { openContext } from '../context/open-context.ts'
import type { Database } from '../database/pool.ts'
import { followOutbox } from '../events/follower.ts'
import { openLiveChannel } from '../events/live.ts'
import { react } from '../events/react.ts'
import { everything, reaction } from '../events/reaction.ts'
import { startRelay } from '../events/relay.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import { mostAttempts } from './job.ts'
import { openQueues } from './queues.ts'
import { openSources } from './sources.ts'
import { startWorkers } from './worker.ts'

const log = testLog()
const backends = [{ name: 'PostgreSQL' }, { name: 'Redis' }].filter(({ name }) => name !== 'Redis' || redisInstalled())
const patience = { timeout: 20_000, interval: 50 }

describe.each(backends)('with jobs in $name, an event stays owed', ({ name }) => {
  let server: TestDatabase
  let redis: TestRedis | undefined
  let teller: Database
  let hearer: Database
  /** Events that the reaction has a bug with. */
  const poisonous = new Set<string>()
  let metrics = createMetrics()

  beforeAll(async () => {
    server = await testDatabase()
    redis = name === 'Redis' ? await startRedis() : undefined
    teller = await bareSubgraph(server.url, 'teller')
    hearer = await bareSubgraph(server.url, 'hearer')
    await server.run('create table hearer.heard (event text); grant all on hearer.heard to switchyard_hearer')
    const settings = { redisUrl: redis?.url, databaseUrl: server.url }
    const live = openLiveChannel({ redisUrl: redis?.url, databases: [teller, hearer], log })
    const queues = openQueues({ ...settings, names: ['hearer'], log })
    const relay = startRelay({
      database: teller,
      live,
      queues,
      consumersOf: () => ['hearer'],
      log,
      metrics,
      clock: systemClock,
    })
    return async () => {
      await relay.stop()
      await queues.close()
      await live.close()
    }
  })
  afterAll(async () => {
    await Promise.all([teller.close(), hearer.close()])
    await redis?.stop()
    await server.drop()
  })
  beforeEach(() => {
    metrics = createMetrics()
  })
  afterEach(() => poisonous.clear())

  const stumble = reaction({
    name: 'stumble',
    to: everything,
    may: [],
    async run(_, event) {
      if (poisonous.has(event.id)) throw new TypeError('a bug')
    },
  })
  const hear = reaction({
    name: 'hear',
    to: everything,
    may: [],
    run: async (_, event) => void (await hearer.sql`insert into hearer.heard values (${event.id})`),
  })

  function work() {
    const live = openLiveChannel({ redisUrl: redis?.url, databases: [hearer], log })
    const follower = followOutbox({ database: hearer, live, log })
    const host = { subgraph: 'hearer', database: hearer, follower, clock: systemClock, log, stores: {}, services: {} }
    const peers = () => {
      throw new Error('Nobody else is there.')
    }
    const workers = startWorkers({
      ...{ redisUrl: redis?.url, databaseUrl: server.url },
      sources: openSources([teller]),
      log,
      metrics,
      reactAgainAfter: 100,
      subgraphs: [
        {
          name: 'hearer',
          jobs: [],
          concurrency: 5,
          run: (_, data) =>
            react(
              'hearer',
              [stumble, hear],
              (origin) => openContext({ ...host, peers }, origin),
              (data as { event: never }).event,
            ),
        },
      ],
    })
    const close = async () => {
      await workers.close()
      await follower.close()
      await live.close()
    }
    onTestFinished(close)
    return { close }
  }

  const owed = async () => (await teller.sql`select from teller.dispatches`).length
  const heard = async () => (await hearer.sql`select event from hearer.heard`).map(({ event }) => event)
  /** How often a reaction was tried in vain after more attempts than any other job has. */
  const overdue = async () => {
    const { values } = await metrics.jobs.get()
    const counts = values.filter(
      ({ metricName, labels }) => metricName?.endsWith('_count') && labels.outcome === 'overdue',
    )
    return counts.reduce((sum, { value }) => sum + value, 0)
  }
  const tellOf = (count: number) => Promise.all(Array.from({ length: count }, () => recordEvent(teller)))

  test('to a subgraph whose database lets nobody in, across restarts, and is heard once when it does again', async () => {
    const before = await heard()
    await server.run('revoke usage on schema hearer from switchyard_hearer')
    const first = work()
    const events = await tellOf(10)
    await vi.waitFor(async () => expect(await overdue()).toBeGreaterThanOrEqual(20), patience)
    await first.close()
    work()
    await vi.waitFor(async () => expect(await overdue()).toBeGreaterThanOrEqual(40), patience)
    expect(await owed()).toBe(10)
    await server.run('grant usage on schema hearer to switchyard_hearer')
    await vi.waitFor(async () => expect(await owed()).toBe(0), patience)
    expect((await heard()).toSorted()).toEqual([...before, ...events].toSorted())
  }, 60_000)

  test('to a reaction with a bug, which holds up no other event and no other reaction, and is counted', async () => {
    const before = await heard()
    work()
    const [poison = '', ...others] = await tellOf(20)
    poisonous.add(poison)
    await vi.waitFor(async () => expect(await overdue()).toBeGreaterThanOrEqual(mostAttempts), patience)
    expect(await owed()).toBe(1)
    const all = [...before, poison, ...others].toSorted()
    expect((await heard()).toSorted()).toEqual(all)
    poisonous.clear()
    await vi.waitFor(async () => expect(await owed()).toBe(0), patience)
    expect((await heard()).toSorted()).toEqual(all)
  }, 60_000)
})
