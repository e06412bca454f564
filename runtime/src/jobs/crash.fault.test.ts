// From the outbox to the done job while processes are killed: nothing is lost, and nothing is published twice.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '../database/pool.ts'
import { newId } from '../ids.ts'
import { bareSubgraph, recordEvent } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'

const script = fileURLToPath(new URL('../testing/dying-process.ts', import.meta.url))
const backends = [{ name: 'PostgreSQL' }, { name: 'Redis' }].filter(({ name }) => name !== 'Redis' || redisInstalled())

describe.each(backends)('with jobs in $name', ({ name }) => {
  let server: TestDatabase
  let database: Database
  let redis: TestRedis | undefined
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    server = await testDatabase()
    database = await bareSubgraph(server.url, 'mortal')
    await server.run(
      `create table mortal.marks (job text, subject text); grant all on mortal.marks to switchyard_mortal`,
    )
    redis = name === 'Redis' ? await startRedis() : undefined
  })
  afterAll(async () => {
    await Promise.all([...running].map(kill))
    await database.close()
    await redis?.stop()
    await server.drop()
  })

  function start(turn = 'later'): ChildProcess {
    const child = spawn(process.execPath, [script, server.url, redis?.url ?? '', turn], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    running.add(child)
    return child
  }
  async function kill(child: ChildProcess) {
    running.delete(child)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const marks = async (job: string) =>
    (await database.sql`select subject from mortal.marks where job = ${job}`).map(({ subject }) => subject)
  const owed = async () => (await database.sql`select from mortal.dispatches`).length

  test('every event is published once and reacted to, however often the relay is killed', async () => {
    const recorded: Promise<string>[] = []
    let child = start()
    for (let round = 0; round < 6; round++) {
      await sleep(round === 0 ? 700 : 300 + Math.random() * 500)
      for (let count = 0; count < 25; count++)
        recorded.push(recordEvent(database, {}, () => sleep(Math.random() * 100)))
      await sleep(Math.random() * 60)
      await kill(child)
      child = start()
    }
    const ids = await Promise.all(recorded)
    await vi.waitFor(async () => expect(new Set(await marks('react'))).toEqual(new Set(ids)), {
      timeout: 15_000,
      interval: 100,
    })
    await vi.waitFor(async () => expect(await owed()).toBe(0), { timeout: 15_000, interval: 100 })
    const published = await database.sql`select position::int from mortal.outbox order by position`
    expect(published.map(({ position }) => position)).toEqual(ids.map((_, index) => index + 1))
    await kill(child)
  }, 60_000)

  test('a job whose worker was killed is run again by another', async () => {
    const id = newId()
    const first = start('first')
    await database.sql`insert into mortal.dispatches (id, queue, job, data) values (${id}, 'mortal', 'slow', '{}')`
    await vi.waitFor(async () => expect(await marks('slow')).toEqual([id]), { timeout: 10_000, interval: 100 })
    await kill(first)
    const second = start()
    await vi.waitFor(async () => expect(await owed()).toBe(0), { timeout: 15_000, interval: 100 })
    expect(await marks('slow')).toEqual([id, id])
    await kill(second)
  }, 40_000)

  test('an event stays owed although every worker that reacts to it is killed, and is added again', async () => {
    const eventId = await recordEvent(database)
    const reacted = async () => (await marks('react')).filter((subject) => subject === eventId).length
    // One more than a queue takes before it fails a job.
    for (let killed = 0; killed < 4; killed++) {
      const child = start('first')
      await vi.waitFor(async () => expect(await reacted()).toBe(killed + 1), { timeout: 30_000, interval: 50 })
      await kill(child)
    }
    const last = start()
    await vi.waitFor(
      async () => {
        // Within seconds what happens within a minute.
        await database.sql`update mortal.dispatches set owed_at = now()`
        expect(await owed()).toBe(0)
      },
      { timeout: 30_000, interval: 500 },
    )
    expect(await reacted()).toBe(5)
    await kill(last)
  }, 180_000)

  test.runIf(name === 'Redis')(
    'events go on while Redis is away, and what it forgot is run when it is back',
    async () => {
      const child = start()
      const before = await recordEvent(database)
      await vi.waitFor(async () => expect(await marks('react')).toContain(before), { timeout: 10_000, interval: 100 })
      await vi.waitFor(async () => expect(await owed()).toBe(0), { timeout: 10_000, interval: 100 })
      await redis?.stop()
      const meanwhile = await Promise.all(Array.from({ length: 20 }, () => recordEvent(database)))
      await vi.waitFor(async () => {
        const waiting = await database.sql`select from mortal.outbox where position is null`
        expect(waiting).toHaveLength(0)
      }, 2000)
      expect(await owed()).toBe(20)
      await redis?.start()
      await vi.waitFor(async () => expect(await marks('react')).toEqual(expect.arrayContaining(meanwhile)), {
        timeout: 15_000,
        interval: 100,
      })
      await vi.waitFor(async () => expect(await owed()).toBe(0), { timeout: 10_000, interval: 100 })
      const late = newId()
      // As if it had been added to a Redis that forgot it.
      await database.sql`
      insert into mortal.dispatches (id, queue, job, data, owed_at) values (${late}, 'mortal', 'quick', '{}', now() + interval '1 second')`
      await vi.waitFor(async () => expect(await marks('quick')).toEqual([late]), { timeout: 10_000, interval: 100 })
      await kill(child)
    },
    60_000,
  )
})
