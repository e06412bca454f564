// Mails a second that a launched campaign sends to the mail catcher, all in one process, as a ratio to BullMQ's own
// jobs that do nothing, on both backends; and what memory the process holds at rest and under that load.
import { setTimeout as sleep } from 'node:timers/promises'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { allInOne } from '../test/processes.ts'
import { workOffBareJobs } from './bare-jobs.ts'
import { deliver, someCustomers } from './campaign.ts'
import { median } from './measure.ts'
import { peakDuring, residentMemory } from './memory.ts'
import { administrator, atRest } from './session.ts'

const count = 1000
const rounds = 3
/** As many of its jobs as a subgraph's worker runs at once. */
const concurrency = 10

export async function measureDeliveries(): Promise<void> {
  await deliverOn('PostgreSQL', undefined)
  if (!redisInstalled())
    return void process.stdout.write('\nredis-server is not installed: jobs in Redis are left out.\n')
  const redis = await startRedis()
  try {
    await deliverOn('Redis', redis.url)
  } finally {
    await redis.stop()
  }
}

async function deliverOn(backend: string, redisUrl: string | undefined): Promise<void> {
  const shape = await allInOne({ LOG_LEVEL: 'warn', ...(redisUrl && { REDIS_URL: redisUrl }) })
  try {
    await atRest(shape)
    // Started anew, so that nothing of the making of the demo world is counted.
    await shape.processes.worker?.end()
    await shape.processes.worker?.start()
    await sleep(5000)
    const resting = await residentMemory(shape)
    const session = await administrator(shape)
    const customers = await someCustomers(session, count)
    const mails: number[] = []
    const jobs: number[] = []
    const peak = await peakDuring(shape, async () => {
      for (let round = 0; round < rounds; round++) {
        await atRest(shape)
        mails.push(count / (await deliver(shape, session, customers)))
        await atRest(shape)
        jobs.push(count / (await workOffBareJobs({ redisUrl, databaseUrl: shape.databaseUrl }, count, concurrency)))
      }
    })
    tell(backend, { mails: median(mails), jobs: median(jobs), resting, peak })
  } finally {
    await shape.end()
  }
}

function tell(backend: string, figures: { mails: number; jobs: number; resting: number; peak: number }): void {
  const { mails, jobs, resting, peak } = figures
  process.stdout.write(`\ndeliveries with jobs in ${backend}: median of ${rounds} times ${count}, ${concurrency} at once
  jobs that do nothing ${jobs.toFixed(0).padStart(8)} a second
  mails delivered      ${mails.toFixed(0).padStart(8)} a second   × ${(mails / jobs).toFixed(2)}
  memory at rest       ${resting.toFixed(0).padStart(8)} MiB
  memory at the most   ${peak.toFixed(0).padStart(8)} MiB\n`)
}
