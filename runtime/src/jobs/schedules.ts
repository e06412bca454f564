// Keeps a queue's schedules equal to what its subgraph declares.
import type { JobsOptions } from 'bullmq'
import type { JobQueue } from './backend.ts'
import type { Schedule } from './job.ts'

export type Scheduled = { readonly name: string; readonly schedule: Schedule | undefined }

export async function keepSchedules(queue: JobQueue, jobs: readonly Scheduled[], opts: JobsOptions): Promise<void> {
  const known = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]))
  for (const { name, schedule } of jobs) {
    if (!schedule) continue
    const { pattern, every } = { pattern: undefined, every: undefined, ...schedule }
    const current = known.get(name)
    known.delete(name)
    if (current && current.pattern === pattern && current.every === every) continue
    const when = pattern === undefined ? { every: every as number } : { pattern, tz: 'UTC' }
    await queue.upsertJobScheduler(name, when, { name, data: { data: {} }, opts })
  }
  for (const forgotten of known.keys()) await queue.removeJobScheduler(forgotten)
}
