// A process whose PostgreSQL and Redis no longer answer, although their connections stay open.
import { startProxy, type TestProxy } from '@switchyard/runtime/testing/proxy'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { expect, it, onTestFinished } from 'vitest'
import { allInOne } from './processes.ts'

it.runIf(redisInstalled())(
  'is not ready, and ends in time and without an error, when neither PostgreSQL nor Redis answers',
  async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const proxies: TestProxy[] = []
    const proxied = async (url: string) => {
      const proxy = await startProxy(url)
      onTestFinished(() => proxy.close())
      proxies.push(proxy)
      return proxy.url
    }
    const shape = await allInOne({ REDIS_URL: await proxied(redis.url) }, proxied)
    onTestFinished(() => shape.end())
    for (const proxy of proxies) proxy.silence()
    const ready = async () => {
      const response = await fetch(`${shape.url}/ready`)
      return { code: response.status, ...((await response.json()) as object) }
    }
    const silent = expect.stringContaining('does not answer')
    await expect
      .poll(ready, { timeout: 30_000, interval: 200 })
      .toMatchObject({ code: 503, status: 'unavailable', dependencies: { postgres: silent, redis: silent } })
    const [all] = Object.values(shape.processes)
    expect(await all?.end()).toBe(0)
  },
  300_000,
)
