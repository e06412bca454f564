// What a process says of everything that it depends on.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis } from '../testing/redis.ts'
import { dependencyCheck, readiness } from './readiness.ts'
import { redisCheck } from './redis-check.ts'

const log = testLog()
const eventually = { timeout: 20_000, interval: 100 }

describe('readiness', () => {
  test('asks each dependency once for all who ask within a second, and again later', async () => {
    let asked = 0
    const check = dependencyCheck({ name: 'redis', failing: 'unavailable' }, async () => {
      asked++
      return 'ok'
    })
    const ready = readiness([check], log)
    await Promise.all(Array.from({ length: 1000 }, ready))
    expect(asked).toBe(1)
    await ready()
    expect(asked).toBe(1)
    await expect.poll(async () => (await ready()) && asked, eventually).toBe(2)
  })

  test('waits for no dependency, and asks none again that has not answered yet', async () => {
    let asked = 0
    const silent = dependencyCheck({ name: 'redis', failing: 'degraded', timeoutMs: 10 }, () => {
      asked++
      return new Promise(() => undefined)
    })
    const expected = { status: 'degraded', dependencies: { redis: 'does not answer' } }
    expect(await silent()).toEqual(expected)
    expect(await silent()).toEqual(expected)
    expect(asked).toBe(1)
  })

  test('is logged when it changes, with the reason', async () => {
    const lines: Record<string, unknown>[] = []
    const write = (chunk: Buffer, _: string, done: () => void) => {
      lines.push(JSON.parse(chunk.toString()))
      done()
    }
    let found = 'is away'
    const check = dependencyCheck({ name: 'redis', failing: 'degraded' }, async () => found)
    const ready = readiness([check], pino(new Writable({ write })))
    await ready()
    const unavailable = { level: 40, dependency: 'redis', reason: 'is away', msg: 'a dependency is unavailable' }
    expect(lines).toMatchObject([unavailable])
    found = 'ok'
    await expect.poll(ready, eventually).toMatchObject({ status: 'ok' })
    const available = { level: 30, dependency: 'redis', msg: 'a dependency is available again' }
    expect(lines).toMatchObject([unavailable, available])
  })

  test('is as bad as the worst of its dependencies', async () => {
    const check = (name: string, failing: 'degraded' | 'unavailable', found: string) =>
      dependencyCheck({ name, failing }, async () => found)
    const [fine, limping, broken] = [
      check('queues', 'degraded', 'ok'),
      check('redis', 'degraded', 'is away'),
      check('postgres', 'unavailable', 'is away'),
    ]
    expect(await readiness([fine], log)()).toMatchObject({ status: 'ok' })
    expect(await readiness([fine, limping], log)()).toMatchObject({ status: 'degraded' })
    expect(await readiness([fine, broken, limping], log)()).toEqual({
      status: 'unavailable',
      dependencies: { queues: 'ok', redis: 'is away', postgres: 'is away' },
    })
  })
})

test.runIf(redisInstalled())('Redis must answer, evict nothing and have room', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const { check, close } = redisCheck(redis.url, 'degraded', log)
  onTestFinished(close)
  expect(await check()).toEqual({ status: 'ok', dependencies: { redis: 'ok' } })

  for (const policy of ['allkeys-lru', 'volatile-ttl']) {
    await redis.configure('maxmemory-policy', policy)
    expect(await check()).toEqual({
      status: 'unavailable',
      dependencies: { redis: `maxmemory-policy is ${policy}, so that Redis may drop jobs: set it to noeviction` },
    })
  }
  await redis.configure('maxmemory-policy', 'noeviction')
  await redis.configure('maxmemory', '100kb')
  const full = await check()
  expect(full).toMatchObject({ status: 'degraded' })
  expect(full.dependencies.redis).toMatch(/% of its memory is used: raise maxmemory/)
  await redis.configure('maxmemory', '0')
  expect(await check()).toMatchObject({ status: 'ok' })

  await redis.stop()
  expect(await check()).toEqual({ status: 'degraded', dependencies: { redis: 'does not answer' } })
  await redis.start()
  await expect.poll(check, eventually).toMatchObject({ status: 'ok' })
})
