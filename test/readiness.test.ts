// What `/ready` says of the whole stack in one process, and of the stores that it stands on.
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graph } from '../graph.ts'
import { type TestApp, testApp } from './app.ts'

const eventually = { timeout: 20_000, interval: 200 }
const subgraphs = Object.fromEntries(graph.map(({ name }) => [name, 'ok']))

const readyOf = async (app: TestApp) => {
  const response = await fetch(`${app.url}/ready`)
  return { code: response.status, ...((await response.json()) as { status: string; dependencies: object }) }
}

describe('the whole stack without Redis', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp()
  })

  it('names its database, its queues, its workers and its subgraphs', async () => {
    await expect
      .poll(() => readyOf(app), eventually)
      .toEqual({
        code: 200,
        status: 'ok',
        dependencies: { postgres: 'ok', queues: 'ok', workers: 'ok', ...subgraphs },
      })
  })
})

describe.runIf(redisInstalled())('the whole stack with Redis', () => {
  let app: TestApp
  let redis: Awaited<ReturnType<typeof startRedis>>
  beforeAll(async () => {
    redis = await startRedis()
    app = await testApp({ REDIS_URL: redis.url })
  })
  afterAll(() => redis.stop())

  it('names Redis too', async () => {
    await expect
      .poll(() => readyOf(app), eventually)
      .toEqual({
        code: 200,
        status: 'ok',
        dependencies: { postgres: 'ok', redis: 'ok', queues: 'ok', workers: 'ok', ...subgraphs },
      })
  })

  it('is not ready while Redis evicts keys', async () => {
    await redis.configure('maxmemory-policy', 'allkeys-lru')
    await expect
      .poll(() => readyOf(app), eventually)
      .toMatchObject({
        code: 503,
        status: 'unavailable',
        dependencies: { redis: expect.stringContaining('set it to noeviction'), postgres: 'ok' },
      })
    await redis.configure('maxmemory-policy', 'noeviction')
    await expect.poll(() => readyOf(app), eventually).toMatchObject({ code: 200, status: 'ok' })
  })

  it('is degraded while Redis is away, and names each queue that does not answer', async () => {
    await redis.stop()
    await expect
      .poll(() => readyOf(app), eventually)
      .toMatchObject({
        code: 200,
        status: 'degraded',
        dependencies: { postgres: 'ok', redis: 'does not answer', queues: expect.stringContaining('crm'), crm: 'ok' },
      })
    await redis.start()
    await expect.poll(() => readyOf(app), eventually).toMatchObject({ code: 200, status: 'ok' })
  })
})
