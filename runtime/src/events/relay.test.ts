// The relay against everything that may go wrong between a commit and a queue.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'
import type { JobToAdd, Queues } from '../jobs/queues.ts'
import { createMetrics } from '../metrics.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { openLiveChannel } from './live.ts'
import { startRelay } from './relay.ts'
import { publish } from './relay-publish.ts'

const log = testLog()
let server: TestDatabase
let database: Database
let schemas = 0

beforeAll(async () => {
  server = await testDatabase()
})
afterAll(() => server.drop())
beforeEach(async () => {
  database = await bareSubgraph(server.url, `probe${++schemas}`)
})
afterEach(() => database.close())

type Added = JobToAdd & { queue: string }

/** The outer edge: a queue that remembers what was added, and can be down. */
function edge() {
  const added: Added[] = []
  const state = { down: false }
  const queues: Pick<Queues, 'add'> = {
    async add(queue, jobs) {
      if (state.down) throw new Error('the queue is down')
      added.push(...jobs.map((job) => ({ ...job, queue })))
    },
  }
  return { added, queues, state }
}

function relay({ queues = edge().queues, consumers = [] as string[], metrics = createMetrics() } = {}) {
  const live = openLiveChannel({ redisUrl: undefined, databases: [database], log })
  const started = startRelay({ database, live, queues, consumersOf: () => consumers, log, metrics, clock: systemClock })
  onTestFinished(() => started.stop())
  return started
}

const outbox = () =>
  database.sql<{ id: string; position: string | null; entity_id: string; version: number }[]>`
    select id, position, entity_id, version from ${database.sql(database.schema)}.outbox order by position`

const positions = async () => (await outbox()).map(({ position }) => Number(position))
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const owed = () => database.sql`select id, owed_at from ${database.sql(database.schema)}.dispatches`
const owe = (due: Date | null = null, id = newId()) => database.sql`
  insert into ${database.sql(database.schema)}.dispatches (id, queue, job, data, due_at)
  values (${id}, 'probe', 'remind', '{"who":"me"}', ${due?.toISOString() ?? null})`
const terminateAll = () => server.cut(`switchyard ${database.schema}`)

describe('publishing', () => {
  test('gives positions without gaps in the order of each entity’s versions, under 20 writers with slow commits', async () => {
    relay()
    const write = async (entityId: string) => {
      for (const version of upTo(5)) await recordEvent(database, { entityId, version }, () => sleep(Math.random() * 30))
    }
    await Promise.all(upTo(20).map(() => write(newId())))
    await vi.waitFor(async () => expect(await positions()).toEqual(upTo(100)), 10_000)
    const byEntity = Map.groupBy(await outbox(), (event) => event.entity_id)
    for (const events of byEntity.values()) expect(events.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5])
  })

  test('does not pass over an event whose transaction commits after younger ones were published', async () => {
    relay()
    const [inserted, commits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const late = recordEvent(database, {}, () => {
      inserted.resolve()
      return commits.promise
    })
    await inserted.promise
    const young = await recordEvent(database)
    await vi.waitFor(async () => expect(await positions()).toEqual([1]), 10_000)
    commits.resolve()
    await vi.waitFor(async () => expect(await positions()).toEqual([1, 2]), 10_000)
    expect((await outbox()).map(({ id }) => id)).toEqual([young, await late])
  })

  test('is done once when several relays run at the same time', async () => {
    const { queues, added } = edge()
    for (const _ of upTo(3)) relay({ queues, consumers: ['audit'] })
    await Promise.all(upTo(60).map(() => recordEvent(database)))
    await vi.waitFor(() => expect(added).toHaveLength(60), 10_000)
    expect(await positions()).toEqual(upTo(60))
    expect(new Set(added.map(({ data }) => (data.data as { eventId: string }).eventId)).size).toBe(60)
  })

  test('works through more than one batch and tells how many events wait', async () => {
    await Promise.all(
      upTo(10).map(
        async () => database.sql`
      insert into ${database.sql(database.schema)}.outbox (id, type, entity, entity_id, version, occurred_at, actor_kind, request_id, payload, changes)
      select gen_random_uuid(), 'a', 'b', gen_random_uuid(), 1, now(), 'system', 'test', '{}', '[]' from generate_series(1, 120)`,
      ),
    )
    const metrics = createMetrics()
    relay({ metrics })
    await vi.waitFor(async () => expect(await positions()).toEqual(upTo(1200)), 10_000)
    await vi.waitFor(async () => expect((await metrics.outbox.get()).values).toMatchObject([{ value: 0 }]))
  })

  test('goes on by itself after all its connections were terminated', async () => {
    relay()
    await recordEvent(database)
    await vi.waitFor(async () => expect(await positions()).toEqual([1]))
    await terminateAll()
    await vi.waitFor(() => recordEvent(database), 5000)
    await vi.waitFor(async () => expect(await positions()).toEqual([1, 2]), 5000)
    await sleep(300)
    const began = performance.now()
    await recordEvent(database)
    await vi.waitFor(async () => expect(await positions()).toEqual([1, 2, 3]), { interval: 5 })
    expect(performance.now() - began, 'woken, not polled').toBeLessThan(500)
  })
})

describe('enqueueing', () => {
  test('owes each event to every subgraph that reacts, naming the event and where it is', async () => {
    const { queues, added } = edge()
    relay({ queues, consumers: ['audit', 'support'] })
    const eventId = await recordEvent(database)
    await vi.waitFor(() => expect(added).toHaveLength(2))
    const data = { source: database.schema, data: { source: database.schema, eventId } }
    expect(added.map(({ queue, name, data }) => ({ queue, name, data }))).toEqual([
      { queue: 'audit', name: 'react', data },
      { queue: 'support', name: 'react', data },
    ])
  })

  test('adds a job with its data, and one that is due later with its delay', async () => {
    const { queues, added } = edge()
    relay({ queues })
    const id = newId()
    await owe(null, id)
    await owe(new Date(Date.now() + 60_000))
    await vi.waitFor(() => expect(added).toHaveLength(2), 3000)
    expect(added[0]).toEqual({
      queue: 'probe',
      id,
      name: 'remind',
      data: { source: database.schema, data: { who: 'me' } },
      delay: 0,
      again: false,
    })
    expect(added[1]?.delay).toBeGreaterThan(55_000)
    expect(await owed()).toHaveLength(2)
  })

  test('catches up on a relay that was killed between position and queue', async () => {
    await recordEvent(database)
    expect(await publish(database, () => ['audit'])).toEqual({ events: 1, dispatches: 1 })
    const { queues, added } = edge()
    relay({ queues, consumers: ['audit'] })
    await vi.waitFor(() => expect(added).toHaveLength(1))
  })

  test('waits for queues that are down while events are published all the same', async () => {
    const { queues, added, state } = edge()
    state.down = true
    relay({ queues, consumers: ['audit'] })
    for (const _ of upTo(3)) await recordEvent(database)
    await vi.waitFor(async () => expect(await positions()).toEqual([1, 2, 3]))
    await sleep(300)
    expect(added).toEqual([])
    state.down = false
    await vi.waitFor(() => expect(added).toHaveLength(3), 5000)
  })

  test('adds a job again that nobody has acknowledged a minute after it was due, and not before', async () => {
    const { queues, added } = edge()
    relay({ queues })
    const id = newId()
    await owe(null, id)
    await vi.waitFor(() => expect(added).toHaveLength(1), 3000)
    await sleep(1200)
    expect(added).toHaveLength(1)
    await database.sql`update ${database.sql(database.schema)}.dispatches set owed_at = owed_at - interval '60 seconds'`
    await vi.waitFor(
      () =>
        expect(added).toMatchObject([
          { id, again: false },
          { id, again: true },
        ]),
      3000,
    )
  })

  test('gives up a job that is too large for the queue, without holding up the others', async () => {
    const { queues, added } = edge()
    const large = JSON.stringify({ text: 'x'.repeat(70_000) })
    await database.sql`
      insert into ${database.sql(database.schema)}.dispatches (id, queue, job, data) values (${newId()}, 'probe', 'import', ${large}::text::jsonb)`
    await owe()
    relay({ queues })
    await vi.waitFor(() => expect(added.map(({ name }) => name)).toEqual(['remind']))
    await vi.waitFor(async () => expect(await owed()).toHaveLength(1))
  })
})
