// The rate limiter, over both of its backends.
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newId } from '../ids.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis, type TestRedis } from '../testing/redis.ts'
import { openRateLimiter, type RateLimiter } from './rate-limiter.ts'

const log = testLog()
const aMinute = 60
let redis: TestRedis | undefined

beforeAll(async () => {
  redis = redisInstalled() ? await startRedis() : undefined
})
afterAll(() => redis?.stop())

async function open(redisUrl: string | undefined): Promise<RateLimiter> {
  const limiter = await openRateLimiter({ redisUrl, log })
  onTestFinished(() => limiter.close())
  return limiter
}

const backends = [
  { name: 'in one process', url: () => undefined },
  { name: 'on Redis', url: () => redis?.url },
].filter(({ name }) => name !== 'on Redis' || redisInstalled())

describe.each(backends)('a rate limit $name', ({ url }) => {
  test('allows as many requests as its maximum, and says how many remain and for how long the rest must wait', async () => {
    const limiter = await open(url())
    const [key, rule] = [newId(), { max: 2, windowSeconds: aMinute }]
    expect(await limiter.rateLimit(key, rule)).toMatchObject({ isAllowed: true, remaining: 1 })
    expect(await limiter.rateLimit(key, rule)).toMatchObject({ isAllowed: true, remaining: 0 })
    for (let attempt = 0; attempt < 3; attempt++) {
      const { isAllowed, remaining, resetSeconds } = await limiter.rateLimit(key, rule)
      expect([isAllowed, remaining, resetSeconds > 0 && resetSeconds <= aMinute]).toEqual([false, 0, true])
    }
    expect(await limiter.rateLimit(newId(), rule)).toMatchObject({ isAllowed: true })
  })

  test('counts anew when its window has ended', async () => {
    const limiter = await open(url())
    const [key, rule] = [newId(), { max: 1, windowSeconds: 1 }]
    await limiter.rateLimit(key, rule)
    await expect.poll(async () => (await limiter.rateLimit(key, rule)).isAllowed, { timeout: 5000 }).toBe(true)
  })

  test('allows another request for one that is refunded', async () => {
    const limiter = await open(url())
    const [key, rule] = [newId(), { max: 1, windowSeconds: aMinute }]
    await limiter.rateLimit(key, rule)
    await limiter.refund(key, rule)
    expect(await limiter.rateLimit(key, rule)).toMatchObject({ isAllowed: true })
    expect(await limiter.rateLimit(key, rule)).toMatchObject({ isAllowed: false })
  })
})

describe.runIf(redisInstalled())('processes that share a Redis', () => {
  test('share one count', async () => {
    const [one, two] = await Promise.all([open(redis?.url), open(redis?.url)])
    const [key, rule] = [newId(), { max: 10, windowSeconds: aMinute }]
    const states = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).rateLimit(key, rule)),
    )
    expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(10)
  })

  test('count alone while Redis is away, and together again when it is back', async () => {
    const own = await startRedis()
    onTestFinished(() => own.stop())
    const [one, two] = await Promise.all([open(own.url), open(own.url)])
    await own.stop()
    const [key, rule] = [newId(), { max: 1, windowSeconds: aMinute }]
    expect(await one.rateLimit(key, rule)).toMatchObject({ isAllowed: true })
    expect(await one.rateLimit(key, rule)).toMatchObject({ isAllowed: false })
    await own.start()
    const shared = { max: 1000, windowSeconds: aMinute }
    const remaining = async () => {
      const each = newId()
      await one.rateLimit(each, shared)
      return (await two.rateLimit(each, shared)).remaining
    }
    await expect.poll(remaining, { timeout: 20_000 }).toBe(998)
  }, 40_000)
})

test.runIf(redisInstalled())('a Redis that stops answering is not asked for every request', async () => {
  const proxy = await mutableProxy(Number(new URL(redis?.url ?? '').port))
  const limiter = await open(`redis://127.0.0.1:${proxy.port}`)
  const rule = { max: 1_000_000, windowSeconds: aMinute }
  proxy.mute()
  await limiter.rateLimit('first', rule)
  expect(proxy.unanswered()).toBeGreaterThan(0)
  const sent = proxy.unanswered()
  for (let count = 0; count < 1000; count++) await limiter.rateLimit('next', rule)
  expect(proxy.unanswered()).toBe(sent)
})

/** A proxy that can be told to keep connections open, and to forward nothing any more. */
async function mutableProxy(target: number) {
  let isMuted = false
  let unanswered = 0
  const opened = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = createConnection(target, '127.0.0.1')
    for (const socket of [client, upstream]) opened.add(socket.on('error', () => {}))
    client.on('data', (data) => {
      if (isMuted) unanswered++
      else upstream.write(data)
    })
    upstream.pipe(client)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of opened) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    mute() {
      isMuted = true
    },
    unanswered: () => unanswered,
  }
}
