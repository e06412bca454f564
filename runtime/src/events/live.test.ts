// The live channel, over both of its backends.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Database } from '../database/pool.ts'
import { bareSubgraph } from '../testing/bare-subgraph.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import { openLiveChannel } from './live.ts'

const log = testLog()
let server: TestDatabase
let databases: Database[]
let redis: TestRedis | undefined

beforeAll(async () => {
  server = await testDatabase()
  databases = [await bareSubgraph(server.url, 'near'), await bareSubgraph(server.url, 'far')]
  redis = redisInstalled() ? await startRedis() : undefined
})
afterAll(async () => {
  await Promise.all(databases.map((database) => database.close()))
  await redis?.stop()
  await server.drop()
})

const backends = [
  { name: 'PostgreSQL', url: () => undefined, interrupt: () => server.cut('switchyard near') },
  {
    name: 'Redis',
    url: () => redis?.url,
    interrupt: async () => {
      await redis?.stop()
      await sleep(200)
      await redis?.start()
    },
  },
].filter(({ name }) => name !== 'Redis' || redisInstalled())

describe.each(backends)('the live channel over $name', ({ url, interrupt }) => {
  const open = () => {
    const live = openLiveChannel({ redisUrl: url(), databases, log })
    onTestFinished(() => live.close())
    return live
  }

  test('wakes who listens to a subgraph, in this process and in others, and nobody else', async () => {
    const [here, there] = [open(), open()]
    const [near, nearThere, far] = [vi.fn(), vi.fn(), vi.fn()]
    await here.listen('near', near)
    await there.listen('near', nearThere)
    await here.listen('far', far)
    await sleep(100)
    for (const wake of [near, nearThere, far]) wake.mockClear()
    await here.announce('near')
    await vi.waitFor(() => expect([near.mock.calls.length, nearThere.mock.calls.length]).toEqual([1, 1]))
    expect(far).not.toHaveBeenCalled()
  })

  test('wakes nobody who has stopped listening, and again who listens anew', async () => {
    const live = open()
    const [gone, back] = [vi.fn(), vi.fn()]
    const stop = await live.listen('near', gone)
    await stop()
    await live.listen('near', back)
    await sleep(100)
    gone.mockClear()
    back.mockClear()
    await live.announce('near')
    await vi.waitFor(() => expect(back).toHaveBeenCalledTimes(1))
    expect(gone).not.toHaveBeenCalled()
  })

  test('wakes its listeners after a lost connection, and goes on', async () => {
    const live = open()
    const wake = vi.fn()
    await live.listen('near', wake)
    await sleep(100)
    wake.mockClear()
    await interrupt()
    await vi.waitFor(() => expect(wake).toHaveBeenCalled(), 5000)
    wake.mockClear()
    await vi.waitFor(async () => {
      await live.announce('near')
      expect(wake).toHaveBeenCalled()
    }, 5000)
  })
})

test('announcing to a backend that is not there harms nobody', async () => {
  const live = openLiveChannel({ redisUrl: 'redis://127.0.0.1:1', databases, log })
  onTestFinished(() => live.close())
  await live.listen('near', () => undefined)
  const began = performance.now()
  await live.announce('near')
  expect(performance.now() - began).toBeLessThan(600)
})
