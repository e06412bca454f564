// What becomes of queues and workers while Redis is down.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newId } from '../ids.ts'
import { createMetrics } from '../metrics.ts'
import { testLog } from '../testing/log.ts'
import { redisInstalled, startRedis } from '../testing/redis.ts'
import { openQueues } from './queues.ts'
import type { Sources } from './sources.ts'
import { startWorkers } from './worker.ts'

const log = testLog()
const databaseUrl = 'postgres://nowhere.invalid/unused'
const sources: Sources = { loadEvent: async () => undefined, acknowledge: async () => undefined }

test.runIf(redisInstalled())(
  'adding to a Redis that is down is refused in no time, also when it never was up, and works when it is',
  async () => {
    const own = await startRedis()
    await own.stop()
    const queues = openQueues({ redisUrl: own.url, databaseUrl, names: ['q'], log })
    onTestFinished(async () => {
      await queues.close()
      await own.stop()
    })
    const began = performance.now()
    const job = { id: newId(), name: 'remind', data: { data: {} }, delay: 0 }
    await expect(queues.add('q', [job])).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(500)
    await own.start()
    await vi.waitFor(() => queues.add('q', [job]), 5000)
    expect(await queues.depth()).toMatchObject({ q: { waiting: 1 } })
  },
)

test.runIf(redisInstalled())('workers close in time while Redis is down', async () => {
  const own = await startRedis()
  const run = async () => undefined
  const workers = startWorkers({
    redisUrl: own.url,
    databaseUrl,
    subgraphs: [{ name: 'q', jobs: [], concurrency: 1, run }],
    sources,
    log,
    metrics: createMetrics(),
  })
  await sleep(500)
  await own.stop()
  await sleep(300)
  const began = performance.now()
  await workers.close()
  expect(performance.now() - began).toBeLessThan(6500)
})
