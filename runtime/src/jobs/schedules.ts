// Keeps the queues' schedules equal to what the subgraphs declare.
import type { Backend, JobQueue } from './backend.ts'
import type { Schedule } from './job.ts'
import { jobOptions } from './queues.ts'

type Scheduled = { readonly name: string; readonly schedule: Schedule | undefined }
type WithSchedules = { readonly name: string; readonly jobs: readonly Scheduled[] }

export async function keepSchedules(backend: Backend, subgraphs: readonly WithSchedules[]): Promise<void> {
  for (const { name, jobs } of subgraphs) {
    const queue = await backend.queue(name, jobOptions)
    try {
      await keep(queue, jobs)
    } finally {
      await queue.close()
    }
  }
}

async function keep(queue: JobQueue, jobs: readonly Scheduled[]): Promise<void> {
  const known = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]))
  for (const { name, schedule } of jobs) {
    if (!schedule) continue
    const { pattern, every } = { pattern: undefined, every: undefined, ...schedule }
    const current = known.get(name)
    known.delete(name)
    if (current && current.pattern === pattern && current.every === every) continue
    const when = pattern === undefined ? { every: every as number } : { pattern, tz: 'UTC' }
    await queue.upsertJobScheduler(name, when, { name, data: { data: {} }, opts: jobOptions })
  }
  for (const forgotten of known.keys()) await queue.removeJobScheduler(forgotten)
}
