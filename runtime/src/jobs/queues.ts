// Where jobs are added: one BullMQ queue a subgraph, made when it is first needed and again when its start failed.
import type { JobsOptions } from 'bullmq'
import type { Log } from '../log.ts'
import { type JobQueue, openBackend, type QueueSettings } from './backend.ts'
import { mostAttempts } from './job.ts'
import { react, reactOptions } from './react-job.ts'
import { keepSchedules, type Scheduled } from './schedules.ts'

export type JobToAdd = {
  /** Adding the same id twice adds one job, as long as the queue has it; never an integer, never with ':'. */
  readonly id: string
  readonly name: string
  readonly data: JobData
  readonly delay: number
  /** It may have been added before: if the queue has it as finished, it is run again. */
  readonly again?: boolean
}

/** What travels through the queue; without `source`, nobody waits for an acknowledgement. */
export type JobData = { readonly source?: string; readonly data: unknown }

export type QueueDepth = Readonly<Record<string, number>>

export interface Queues {
  /** Rejects quickly when the backend is down. */
  add(queue: string, jobs: readonly JobToAdd[]): Promise<void>
  /** The names of those that do not answer. */
  unanswered(): Promise<readonly string[]>
  depth(): Promise<Readonly<Record<string, QueueDepth>>>
  /** Makes the schedules of a queue those of these jobs, and no others. */
  schedule(queue: string, jobs: readonly Scheduled[]): Promise<void>
  close(): Promise<void>
}

export const largestJob = 65_536
const day = 86_400

export const jobOptions = {
  attempts: mostAttempts,
  backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
  // PostgreSQL knows what is done. A queue that remembered it would ignore a job that is pending again after a restore.
  removeOnComplete: true,
  removeOnFail: { age: 14 * day },
  sizeLimit: largestJob,
  stackTraceLimit: 1,
} satisfies JobsOptions

export function openQueues({
  names,
  log,
  ...settings
}: QueueSettings & { names: readonly string[]; log: Log }): Queues {
  const backend = openBackend(settings, 'producer', log)
  const queues = new Map<string, Promise<JobQueue>>()

  const queue = (name: string) => {
    const known = queues.get(name) ?? backend.queue(name, jobOptions)
    queues.set(name, known)
    known.catch(() => queues.delete(name))
    return known
  }
  return {
    async add(name, jobs) {
      const target = await queue(name)
      await removeFinished(target, jobs)
      await target.addBulk(
        jobs.map(({ id, name, data, delay }) => ({
          name,
          data,
          opts: { jobId: id, delay, ...(name === react && reactOptions) },
        })),
      )
    },
    async unanswered() {
      const asked = await Promise.allSettled(names.map(async (name) => (await queue(name)).getJobCounts('active')))
      return names.filter((_, index) => asked[index]?.status === 'rejected')
    },
    async depth() {
      const counted = names.map(async (name) => {
        const { waiting = 0, prioritized = 0, ...rest } = await (await queue(name)).getJobCounts(...states)
        return [name, { waiting: waiting + prioritized, ...rest }] as const
      })
      return Object.fromEntries(await Promise.all(counted))
    },
    schedule: async (name, jobs) => keepSchedules(await queue(name), jobs, jobOptions),
    async close() {
      const made = await Promise.allSettled(queues.values())
      await Promise.allSettled(made.map(async (one) => one.status === 'fulfilled' && one.value.close()))
      await backend.close()
    },
  }
}

/** A queue ignores a job whose id it still has, also when that job failed for good. */
async function removeFinished(queue: JobQueue, jobs: readonly JobToAdd[]): Promise<void> {
  const again = jobs.filter((job) => job.again)
  if (again.length === 0) return
  const { completed = 0, failed = 0 } = await queue.getJobCounts('completed', 'failed')
  if (completed + failed === 0) return
  await Promise.all(
    again.map(async ({ id }) => {
      const known = await queue.getJob(id)
      if (known?.finishedOn) await queue.remove(id)
    }),
  )
}

const states = ['waiting', 'prioritized', 'active', 'delayed', 'failed'] as const
