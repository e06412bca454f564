// The follower: what subscribers receive while events are written, connections break and readers lag.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { type Follower, type Following, followOutbox } from './follower.ts'
import { openLiveChannel } from './live.ts'
import type { LiveChannel } from './live-channel.ts'
import { startRelay } from './relay.ts'
import { publish } from './relay-publish.ts'
import { forgetOld } from './retention.ts'

const log = testLog()
let server: TestDatabase
let database: Database
let live: LiveChannel
let follower: Follower
let schemas = 0

beforeAll(async () => {
  server = await testDatabase()
})
afterAll(() => server.drop())
beforeEach(async () => {
  database = await bareSubgraph(server.url, `followed${++schemas}`)
  live = openLiveChannel({ redisUrl: undefined, databases: [database], log })
  follower = followOutbox({ database, live, log })
})
afterEach(async () => {
  await follower.close()
  await live.close()
  await database.close()
})

function relay() {
  const add = async () => undefined
  const started = startRelay({
    database,
    live,
    queues: { add },
    consumersOf: () => [],
    log,
    metrics: createMetrics(),
    clock: systemClock,
  })
  onTestFinished(() => started.stop())
}

/** Writes and publishes events at once, without a relay. */
async function publishMany(count: number) {
  await database.sql`
    insert into ${database.sql(database.schema)}.outbox (id, type, entity, entity_id, version, occurred_at, actor_kind, request_id, payload, changes)
    select gen_random_uuid(), 'a', 'b', gen_random_uuid(), 1, now(), 'system', 'test', '{}', '[]' from generate_series(1, ${count}::int)`
  while (true) {
    const published = await publish(database, () => [])
    if (published === 'elsewhere' || published.events < 500) break
  }
  await live.announce(database.schema)
}

async function take(events: Following, count: number): Promise<number[]> {
  const taken: number[] = []
  while (taken.length < count) {
    const { done, value } = await events.next()
    if (done) break
    taken.push(Number(value.position))
  }
  return taken
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('following', () => {
  test('hands an event to every subscriber, reading it from the outbox once', async () => {
    const subscribers = from(1, 50).map(() => follower.since(undefined))
    await Promise.all(subscribers.map(({ ready }) => ready))
    await sleep(100)
    const reads: string[] = []
    database.onStatement = (text) => reads.push(text)
    await publishMany(1)
    expect(await Promise.all(subscribers.map((events) => take(events, 1)))).toEqual(subscribers.map(() => [1]))
    expect(reads.length, 'one read for the event, at most one more for a poll').toBeLessThanOrEqual(2)
  })

  test('delivers from commit to subscriber in a few milliseconds', async () => {
    relay()
    const events = follower.since(undefined)
    await events.ready
    await sleep(100)
    const latencies: number[] = []
    for (const _ of from(1, 50)) {
      const arrived = events.next().then(() => performance.now())
      await recordEvent(database)
      const committed = performance.now()
      latencies.push((await arrived) - committed)
    }
    expect(latencies.toSorted((a, b) => a - b)[25]).toBeLessThan(30)
  })

  test('replays what was missed and goes on, without gap or double, while events are being written', async () => {
    relay()
    await publishMany(1500)
    const writing = (async () => {
      for (const _ of from(1, 100)) await recordEvent(database)
    })()
    const joiners = from(0, 15).map(async (index) => {
      await sleep(index * 10)
      const after = index * 100
      expect(await take(follower.since(BigInt(after)), 1600 - after)).toEqual(from(after + 1, 1600))
    })
    await Promise.all([writing, ...joiners])
  })

  test('starts with what is published after the subscription, when it names no cursor', async () => {
    await publishMany(3)
    const events = follower.since(undefined)
    await events.ready
    await publishMany(2)
    expect(await take(events, 2)).toEqual([4, 5])
    expect(await follower.head()).toBe(5n)
  })

  test('goes on by itself after every connection was terminated', async () => {
    relay()
    const events = follower.since(undefined)
    await events.ready
    await recordEvent(database)
    expect(await take(events, 1)).toEqual([1])
    await server.cut(`switchyard ${database.schema}`)
    await vi.waitFor(() => recordEvent(database), 5000)
    expect(await take(events, 1)).toEqual([2])
    await server.cut(`switchyard ${database.schema}`)
    const replay = follower.since(0n)
    expect(await take(replay, 2)).toEqual([1, 2])
  })

  test('reads each page of the past once, however many replay it, and one at a time', async () => {
    await publishMany(900)
    const first = follower.since(undefined)
    await first.ready
    const reads: string[] = []
    database.onStatement = (text) => {
      if (text.includes('"position" >')) reads.push(text)
    }
    const all = from(0, 19).map((after) => follower.since(BigInt(after)))
    const taken = await Promise.all(all.map((events, after) => take(events, 900 - after)))
    for (const [after, positions] of taken.entries()) expect(positions).toEqual(from(after + 1, 900))
    // five pages, of which the last may be read by several because more may come to it
    expect(reads.length).toBeLessThan(4 + 20 + 3)
    expect(reads.length).toBeGreaterThanOrEqual(5)
  })

  test('tells when the past has been read', async () => {
    await publishMany(3)
    const events = follower.since(0n)
    let isCaughtUp = false
    events.caughtUp.then(() => {
      isCaughtUp = true
    })
    expect(await take(events, 3)).toEqual([1, 2, 3])
    expect(isCaughtUp).toBe(false)
    const next = events.next()
    await events.caughtUp
    await publishMany(1)
    expect((await next).value?.position).toBe(4n)
  })

  test('neither reads nor polls while nobody subscribes', async () => {
    const events = follower.since(undefined)
    await events.ready
    await events.return?.()
    await sleep(50)
    const reads = vi.fn()
    database.onStatement = reads
    await publishMany(1)
    await sleep(1200)
    expect(reads).not.toHaveBeenCalled()
    expect(await take(follower.since(0n), 1)).toEqual([1])
  })
})

describe('a cursor', () => {
  test('that is no longer kept is CURSOR_EXPIRED, at once and at the first event', async () => {
    await publishMany(10)
    await database.sql`update ${database.sql(database.schema)}.outbox set occurred_at = now() - interval '31 days' where position <= 4`
    expect((await forgetOld({ database, clock: systemClock, log })).events).toBe(4)
    const events = follower.since(3n)
    await expect(events.ready).rejects.toMatchObject({ extensions: { code: 'CURSOR_EXPIRED' } })
    await expect(events.next()).rejects.toMatchObject({ extensions: { code: 'CURSOR_EXPIRED' } })
    expect(await take(follower.since(4n), 6)).toEqual(from(5, 10))
  })

  test('that was never given is BAD_USER_INPUT', async () => {
    await publishMany(2)
    await expect(follower.since(3n).next()).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    const events = follower.since(2n)
    await events.ready
    await publishMany(1)
    expect(await take(events, 1)).toEqual([3])
  })
})

describe('a subscriber', () => {
  test('that is ended while it waits is done, and so is every later call', async () => {
    const events = follower.since(undefined)
    await events.ready
    const waiting = events.next()
    await events.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('that lags by more than is kept in memory is ended with an error, the others unaffected', async () => {
    const [slow, quick] = [follower.since(undefined), follower.since(undefined)]
    await Promise.all([slow.ready, quick.ready])
    const [first, reading] = [slow.next(), take(quick, 2101)]
    await publishMany(1)
    expect((await first).value?.position).toBe(1n)
    for (const _ of from(1, 21)) {
      await publishMany(100)
      await sleep(5)
    }
    expect(await reading).toEqual(from(1, 2101))
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
    expect(await slow.next()).toMatchObject({ done: true })
  })

  test('that asks for several events at once gets each of them once', async () => {
    const events = follower.since(undefined)
    await events.ready
    const asked = from(1, 5).map(() => events.next())
    await publishMany(5)
    expect((await Promise.all(asked)).map(({ value }) => Number(value?.position))).toEqual(from(1, 5))
  })
})
