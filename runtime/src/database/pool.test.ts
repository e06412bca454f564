import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { fromDatabase } from './failures.ts'
import type { Database } from './pool.ts'

describe('the connections of a subgraph', () => {
  let server: TestDatabase
  let shop: Database
  beforeAll(async () => {
    server = await testDatabase()
    shop = await bareSubgraph(server.url, 'shop')
    const stock = await bareSubgraph(server.url, 'stock')
    await stock.close()
  })
  afterAll(async () => {
    await shop.close()
    await server.drop()
  })

  it('take the role of their subgraph, which sees its own schema and no other', async () => {
    const [row] = await shop.sql`select current_user as role, current_setting('TimeZone') as zone`
    expect(row).toEqual({ role: 'switchyard_shop', zone: 'UTC' })
    await expect(shop.sql`select * from stock.outbox`).rejects.toMatchObject({ code: '42501' })
    await expect(shop.sql`create table shop.mine (id int)`).rejects.toMatchObject({ code: '42501' })
  })

  it('give up on what takes too long, in lawful words', async () => {
    const [row] = await shop.sql`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle`
    expect(row).toEqual({ statement: '5s', lock: '2s', idle: '10s' })
    const failure = await shop.sql
      .begin(async (tx) => {
        await tx`set local statement_timeout = 50`
        await tx`select pg_sleep(1)`
      })
      .catch((error: unknown) => fromDatabase(error)?.extensions.code)
    expect(failure).toBe('SERVICE_UNAVAILABLE')
  })

  it('prepare every statement that drizzle sends, and prepare it once', async () => {
    const texts: string[] = []
    shop.onStatement = (text) => texts.push(text)
    await shop.db.transaction(async (tx) => {
      for (const n of [1, 2, 3]) await tx.execute(sql`select ${n}::int as n`)
      const prepared = await tx.execute<{ statement: string }>(
        sql`select statement from pg_prepared_statements where statement like '%as n'`,
      )
      expect(prepared.map(({ statement }) => statement)).toEqual(['select $1::int as n'])
    })
    shop.onStatement = undefined
    expect(texts.filter((text) => text === 'select $1::int as n')).toHaveLength(3)
  })

  // Without patches/postgres@3.4.9.patch the process dies of an uncaught TypeError here.
  it('survive that their backends are terminated in the middle of transactions, and are there again', async () => {
    const transactions = Array.from({ length: 10 }, () =>
      shop.db
        .transaction(async (tx) => {
          for (let step = 0; step < 100; step++) await tx.execute(sql`select pg_sleep(0.005)`)
        })
        .then(
          () => 'done',
          (error: unknown) => fromDatabase(error)?.extensions.code,
        ),
    )
    await sleep(100)
    await server.cut('switchyard shop')
    expect(new Set(await Promise.all(transactions))).toEqual(new Set(['SERVICE_UNAVAILABLE']))
    const ask = () =>
      shop.db.execute(sql`select 1 as one`).then(
        () => 'answered',
        (error: unknown) => fromDatabase(error)?.extensions.code,
      )
    const wave = async () => new Set(await Promise.all(Array.from({ length: 30 }, ask)))
    // The first to use a connection that is gone are told so; nobody hangs.
    for (const outcome of await wave()) expect(['answered', 'SERVICE_UNAVAILABLE']).toContain(outcome)
    expect(await wave()).toEqual(new Set(['answered']))
  })

  // And here of a rejection that nobody waits for: connections are cut while they are being opened.
  it('survive that they are terminated again and again while they are opened and used', async () => {
    const work = (delay: number) =>
      sleep(delay)
        .then(() => shop.db.transaction(async (tx) => void (await tx.execute(sql`select pg_sleep(0.002)`))))
        .then(
          () => 'done',
          (error: unknown) => fromDatabase(error)?.extensions.code,
        )
    for (let round = 0; round < 20; round++) {
      const under = Array.from({ length: 20 }, (_, index) => work(index * 3))
      await sleep(10 + round)
      await server.cut('switchyard shop')
      for (const outcome of await Promise.all(under)) expect(['done', 'SERVICE_UNAVAILABLE']).toContain(outcome)
    }
    await expect.poll(() => work(0), { timeout: 5000 }).toBe('done')
  })
})
