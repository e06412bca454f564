import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { outcomeOf } from '../testing/outcome.ts'
import { anonymous, service } from '../viewer/viewer.ts'
import { type Database, openDatabase } from './pool.ts'

const log = createLog('silent', 'test')

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

  /** A viewer of their own, so that their share is all that bounds them. */
  const anyone = () => shop.openFor({ viewer: { kind: 'USER', id: randomUUID() } })

  it('take the role of their subgraph, which sees its own schema and no other', async () => {
    const [row] = await shop.sql`select current_user as role, current_setting('TimeZone') as zone`
    expect(row).toEqual({ role: 'switchyard_shop', zone: 'UTC' })
    await expect(shop.sql`select * from stock.outbox`).rejects.toMatchObject({ code: '42501' })
    await expect(shop.sql`create table shop.mine (id int)`).rejects.toMatchObject({ code: '42501' })
  })

  it('are one process of PostgreSQL each, however much there is to read', async () => {
    const [row] = await anyone().execute(sql`show max_parallel_workers_per_gather`)
    expect(row).toEqual({ max_parallel_workers_per_gather: '0' })
  })

  it('are there for requests of the service itself while jobs hold all that jobs may', async () => {
    const order: string[] = []
    const run = (name: string, seconds: number, signal?: AbortSignal) =>
      shop
        .openFor({ viewer: service(name, []), signal })
        .execute(sql`select pg_sleep(${seconds})`)
        .then(() => order.push(name))
    const jobs = Array.from({ length: 11 }, () => run('shop.job', 1))
    await Promise.all([...jobs, run('gateway', 0, new AbortController().signal)])
    expect(order).toEqual(['gateway', ...jobs.map(() => 'shop.job')])
  })

  it('give up on what takes too long, and say so', async () => {
    const timeouts = sql`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle`
    expect(await shop.db.execute(timeouts)).toEqual([{ statement: '5s', lock: '2s', idle: '10s' }])
    const hurried = openDatabase({ url: server.url, schema: 'shop', max: 2, statementTimeout: 100, log })
    const db = hurried.openFor({ viewer: anonymous })
    expect(await db.execute(timeouts)).toEqual([{ statement: '100ms', lock: '80ms', idle: '10s' }])
    expect(await outcomeOf(db.execute(sql`select pg_sleep(60)`))).toBe('QUERY_TOO_EXPENSIVE')
    await hurried.close()
  })

  // Without patches/postgres@3.4.9.patch the process dies of an uncaught TypeError here.
  it('survive that their backends are terminated in the middle of transactions, and are there again', async () => {
    const transactions = Array.from({ length: 10 }, () =>
      outcomeOf(
        anyone().transaction(async (tx) => {
          for (let step = 0; step < 100; step++) await tx.execute(sql`select pg_sleep(0.2)`)
        }),
      ),
    )
    await expect.poll(() => server.running('switchyard shop'), { timeout: 10_000 }).toBe(10)
    await server.cut('switchyard shop')
    expect(new Set(await Promise.all(transactions))).toEqual(new Set(['SERVICE_UNAVAILABLE']))
    const wave = async () =>
      new Set(await Promise.all(Array.from({ length: 30 }, () => outcomeOf(anyone().execute(sql`select 1 as one`)))))
    // The first to use a connection that is gone are told so; nobody hangs.
    for (const outcome of await wave()) expect(['done', 'SERVICE_UNAVAILABLE']).toContain(outcome)
    expect(await wave()).toEqual(new Set(['done']))
  })

  // And here of a rejection that nobody waits for: connections are cut while they are being opened.
  it('survive that they are terminated again and again while they are opened and used', async () => {
    const work = async (delay: number) => {
      await sleep(delay)
      return outcomeOf(anyone().transaction(async (tx) => void (await tx.execute(sql`select pg_sleep(0.002)`))))
    }
    for (let round = 0; round < 20; round++) {
      const under = Array.from({ length: 20 }, (_, index) => work(index * 3))
      await sleep(10 + round)
      await server.cut('switchyard shop')
      for (const outcome of await Promise.all(under)) expect(['done', 'SERVICE_UNAVAILABLE']).toContain(outcome)
    }
    await expect.poll(() => work(0), { timeout: 5000 }).toBe('done')
  }, 120_000)
})
