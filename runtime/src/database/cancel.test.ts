import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { outcomeOf } from '../testing/outcome.ts'
import { anonymous } from '../viewer/viewer.ts'
import type { Database } from './pool.ts'

const patiently = { timeout: 10_000 }

describe('a statement that nobody waits for any longer', () => {
  let server: TestDatabase
  let shop: Database
  beforeAll(async () => {
    server = await testDatabase()
    shop = await bareSubgraph(server.url, 'shop')
  })
  afterAll(async () => {
    await shop.close()
    await server.drop()
  })

  const running = () => server.running('switchyard shop')
  const mails = async () => (await shop.sql`select job from shop.dispatches`).map(({ job }) => job)

  it('is cancelled in PostgreSQL, and its connection serves the next', async () => {
    const leaves = new AbortController()
    const db = shop.openFor({ viewer: anonymous, signal: leaves.signal })
    const slow = outcomeOf(db.execute(sql`select pg_sleep(60)`))
    await expect.poll(running, patiently).toBe(1)
    leaves.abort()
    expect(await slow).toBe('QUERY_TOO_EXPENSIVE')
    expect(await running()).toBe(0)
    expect(await outcomeOf(shop.openFor({ viewer: anonymous }).execute(sql`select 1`))).toBe('done')
  })

  it('is cancelled, too, when it has not been sent yet', async () => {
    const fresh = shop.openFor({ viewer: { kind: 'USER', id: 'fresh' } })
    await server.cut('switchyard shop')
    for (let round = 0; round < 5; round++) {
      const leaves = new AbortController()
      const slow = outcomeOf(
        shop.openFor({ viewer: anonymous, signal: leaves.signal }).execute(sql`select pg_sleep(60)`),
      )
      leaves.abort()
      expect(await slow).toBe('QUERY_TOO_EXPENSIVE')
      await expect.poll(() => outcomeOf(fresh.execute(sql`select 1`)), patiently).toBe('done')
      await server.cut('switchyard shop')
    }
    await expect.poll(() => outcomeOf(fresh.execute(sql`select 1`)), patiently).toBe('done')
  })

  it('never takes the next statement of its connection with it', async () => {
    const mine = { kind: 'USER', id: 'mine' } as const
    const outcomes = new Set<unknown>()
    for (let round = 0; round < 100; round++) {
      const leaves = new AbortController()
      // It ends at about the moment at which it is cancelled.
      const ending = shop.openFor({ viewer: mine, signal: leaves.signal }).execute(sql`select pg_sleep(0.002)`)
      const left = outcomeOf(ending)
      const others = Array.from({ length: 8 }, () =>
        outcomeOf(shop.openFor({ viewer: mine }).execute(sql`select pg_sleep(0.001)`)),
      )
      setTimeout(() => leaves.abort(), round % 5)
      outcomes.add(await left)
      expect(new Set(await Promise.all(others))).toEqual(new Set(['done']))
    }
    expect(outcomes).toEqual(new Set(['done', 'QUERY_TOO_EXPENSIVE']))
  })

  it('takes its whole transaction back', async () => {
    const leaves = new AbortController()
    const db = shop.openFor({ viewer: anonymous, signal: leaves.signal })
    const work = outcomeOf(
      db.transaction(async (tx) => {
        await tx.execute(
          sql`insert into shop.dispatches (id, queue, job, data) values (gen_random_uuid(), 'q', 'mail', '{}')`,
        )
        await tx.execute(sql`select pg_sleep(60)`)
      }),
    )
    await expect.poll(running, patiently).toBe(1)
    leaves.abort()
    expect(await work).toBe('QUERY_TOO_EXPENSIVE')
    expect(await mails()).toEqual([])
  })

  it('takes its transaction back even between two statements and after the last', async () => {
    for (const isLast of [false, true]) {
      const leaves = new AbortController()
      const db = shop.openFor({ viewer: anonymous, signal: leaves.signal })
      const work = db.transaction(async (tx) => {
        await tx.execute(
          sql`insert into shop.dispatches (id, queue, job, data) values (gen_random_uuid(), 'q', 'mail', '{}')`,
        )
        leaves.abort()
        if (!isLast) await tx.execute(sql`select 1`)
      })
      expect(await outcomeOf(work)).toBe('QUERY_TOO_EXPENSIVE')
      expect(await mails()).toEqual([])
    }
  })
})
