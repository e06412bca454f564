// What the ledger forgets, and what it must not.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { settableClock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { publish } from './relay-publish.ts'
import { forgetOld } from './retention.ts'

const clock = settableClock(new Date('2030-06-01T12:00:00Z'))
const log = testLog()
const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)
let server: TestDatabase
let database: Database

beforeAll(async () => {
  server = await testDatabase()
  database = await bareSubgraph(server.url, 'kept')
})
beforeEach(() =>
  server.run('truncate kept.outbox, kept.dispatches; update kept.outbox_head set position = 0, pruned_to = 0'),
)
afterAll(async () => {
  await database.close()
  await server.drop()
})

const forget = () => forgetOld({ database, clock, log })
const kept = async () =>
  (await database.sql`select position::int from kept.outbox order by position`).map(({ position }) => position)
const prunedTo = async () => Number((await database.sql`select pruned_to from kept.outbox_head`)[0]?.pruned_to)

async function publishedDaysAgo(...days: number[]): Promise<string[]> {
  const ids: string[] = []
  for (const age of days) ids.push(await recordEvent(database, { occurredAt: daysAgo(age) }))
  await publish(database, () => [])
  return ids
}

test('published events are kept for 30 days', async () => {
  await publishedDaysAgo(40, 31, 29, 1)
  expect(await forget()).toMatchObject({ events: 2 })
  expect(await kept()).toEqual([3, 4])
  expect(await prunedTo()).toBe(2)
})

test('only the oldest positions go, so that what is kept has no gap', async () => {
  await publishedDaysAgo(40, 10, 35)
  await forget()
  expect(await kept()).toEqual([2, 3])
})

test('an event that a subgraph has still to react to is kept, and all that came after it', async () => {
  const [, awaited] = await publishedDaysAgo(50, 45, 40)
  await database.sql`
    insert into kept.dispatches (id, queue, job, data)
    values (${newId()}, 'audit', 'react', jsonb_build_object('source', 'kept', 'eventId', ${awaited ?? ''}::text))`
  await forget()
  expect(await kept()).toEqual([2, 3])
  await database.sql`delete from kept.dispatches`
  expect(await forget()).toMatchObject({ events: 2 })
  expect(await prunedTo()).toBe(3)
})

test('an event that was never published is kept, however old', async () => {
  await recordEvent(database, { occurredAt: daysAgo(100) })
  expect(await forget()).toMatchObject({ events: 0 })
  expect(await kept()).toEqual([null])
})

test('more than a batch is forgotten in one go', async () => {
  await database.sql`
    insert into kept.outbox (id, type, entity, entity_id, version, occurred_at, actor_kind, request_id, payload, changes, position)
    select gen_random_uuid(), 'a', 'b', gen_random_uuid(), 1, ${daysAgo(40).toISOString()}, 'system', 'test', '{}', '[]', n
    from generate_series(1, 2500) n`
  expect(await forget()).toMatchObject({ events: 2500 })
  expect(await prunedTo()).toBe(2500)
})

test('the inbox is kept for 90 days and results of mutations for a day', async () => {
  for (const days of [100, 80]) {
    await database.sql`insert into kept.inbox (reaction, event_id, handled_at) values ('r', ${newId()}, ${daysAgo(days).toISOString()})`
  }
  for (const days of [2, 0.5]) {
    await database.sql`
      insert into kept.idempotency_keys (viewer, key, field, fingerprint, created_at)
      values ('v', ${newId()}, 'f', 'p', ${daysAgo(days).toISOString()})`
  }
  expect(await forget()).toMatchObject({ inbox: 1, idempotencyKeys: 1 })
})
