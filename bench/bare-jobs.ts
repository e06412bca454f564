// BullMQ and nothing else: jobs that do nothing, on the backend and with the settings that ours have.

import { openBackend, type QueueSettings } from '@switchyard/runtime/jobs/backend'
import { jobOptions } from '@switchyard/runtime/jobs/queues'
import { createLog } from '@switchyard/runtime/log'

const log = createLog('warn', 'bench')
const batch = 200

/** Seconds from the first addition to the end of the last job. */
export async function workOffBareJobs(settings: QueueSettings, count: number, concurrency: number): Promise<number> {
  const producer = openBackend(settings, 'producer', log)
  const consumer = openBackend(settings, { workers: 1 }, log)
  const queue = await producer.queue('nothing', jobOptions)
  let done = 0
  const { promise: all, resolve } = Promise.withResolvers<void>()
  const worker = await consumer.worker('nothing', async () => undefined, { concurrency })
  worker.on('completed', () => {
    done += 1
    if (done === count) resolve()
  })
  const began = performance.now()
  for (let added = 0; added < count; added += batch) {
    const size = Math.min(batch, count - added)
    await queue.addBulk(Array.from({ length: size }, () => ({ name: 'nothing', data: {} })))
  }
  await all
  const seconds = (performance.now() - began) / 1000
  await worker.close()
  await queue.close()
  await Promise.all([producer.close(), consumer.close()])
  return seconds
}
