import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { anonymous } from '../viewer/viewer.ts'
import type { Database, Db } from './pool.ts'

describe('the statements that a connection keeps', () => {
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

  /** The texts that are prepared on this connection, and its backend. */
  const kept = async (on: Pick<Db, 'execute'>) => {
    const rows = await on.execute<{ statement: string; pid: number }>(
      sql`
        select statement, pg_backend_pid() as pid from pg_prepared_statements
        where statement not like '%pg_backend_pid%' and statement not like '%pg_type%'
        order by prepare_time`,
    )
    return { texts: rows.map(({ statement }) => statement), pid: rows[0]?.pid }
  }

  it('are those that come often, each once', async () => {
    const db = shop.openFor({ viewer: anonymous })
    for (let count = 0; count < 5; count++) await db.execute(sql`select ${count}::int as n`)
    expect((await kept(db)).texts).toEqual(['select $1::int as n'])
    await db.transaction(async (tx) => {
      for (let count = 0; count < 5; count++) await tx.execute(sql`select ${count}::int as m`)
      expect((await kept(tx)).texts).toEqual(['select $1::int as n', 'select $1::int as m'])
    })
  })

  it('are none of those that come once, as filters of ever another shape do', async () => {
    const db = shop.openFor({ viewer: anonymous })
    const before = await kept(db)
    for (let count = 1; count <= 60; count++) {
      const shape = sql.join(Array(count).fill(sql`${count}::int`), sql` + `)
      await db.execute(sql`select ${shape} as shaped`)
    }
    expect(await kept(db)).toEqual(before)
  })

  it('are bounded, though ever others come often', async () => {
    const db = shop.openFor({ viewer: anonymous })
    const filler = 'x'.repeat(8000)
    let most = 0
    const backends = new Set<unknown>()
    for (let shape = 0; shape < 80; shape++) {
      const named = sql.raw(`"n${shape}" /* ${filler} */`)
      for (let count = 0; count < 4; count++) await db.execute(sql`select ${count}::int as ${named}`)
      const { texts, pid } = await kept(db)
      most = Math.max(most, texts.join('').length)
      backends.add(pid)
    }
    expect(most).toBeGreaterThan(100_000)
    expect(most).toBeLessThan(300_000)
    expect(backends.size).toBeGreaterThan(1)
  })
})
