// Works off the queues of the subgraphs: runs each job, acknowledges it to whom it was owed, reports how it went.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Job as QueuedJob, UnrecoverableError } from 'bullmq'
import { startRounds } from '../events/rounds.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type JobWorker, openBackend, type QueueSettings } from './backend.ts'
import { reportDepth } from './depth.ts'
import { type JobMeta, mostAttempts } from './job.ts'
import { type JobData, openQueues } from './queues.ts'
import { longestRest, type ReactData, type Reacting, react, restAfter } from './react-job.ts'
import type { Scheduled } from './schedules.ts'
import type { Sources } from './sources.ts'

export type WorkedSubgraph = {
  readonly name: string
  readonly jobs: readonly (Scheduled & { readonly attempts: number })[]
  /** Does the job; `data` is what was enqueued, or a `Reacting`. */
  run(job: string, data: unknown, meta: JobMeta): Promise<void>
  /** How many of its jobs run at once in this process. */
  readonly concurrency: number
}

export type WorkersOptions = QueueSettings & {
  readonly subgraphs: readonly WorkedSubgraph[]
  readonly sources: Sources
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds after which the job of a process that died is run by another one. */
  readonly takeOverAfter?: number
  /** Milliseconds between two attempts at a reaction, at the most. */
  readonly reactAgainAfter?: number
}

export type Workers = {
  /** The subgraphs whose jobs nobody here takes: their worker has not started, or has stopped. */
  idle(): readonly string[]
  close(): Promise<void>
}

/** For the jobs under way to finish. */
const maxDrainMs = 4000
/** For the queues to hear of it; when they are down, they never do. */
const maxFarewellMs = 1000

/** Starts a worker a subgraph; `close` lets the jobs under way finish. */
export function startWorkers({
  subgraphs,
  sources,
  log,
  metrics,
  takeOverAfter = 30_000,
  reactAgainAfter = longestRest,
  ...settings
}: WorkersOptions): Workers {
  const backend = openBackend(settings, { workers: subgraphs.length }, log)
  const queues = openQueues({ ...settings, names: subgraphs.map(({ name }) => name), log })
  reportDepth(metrics, queues)
  const workers = new Map<string, JobWorker>()
  const underWay = new Set<Promise<void>>()

  async function start(subgraph: WorkedSubgraph) {
    if (workers.has(subgraph.name)) return
    const work = workOf(subgraph, sources, metrics, log)
    const tracked = (job: QueuedJob<JobData>) => {
      const run = work(job).finally(() => underWay.delete(run))
      underWay.add(run)
      return run
    }
    const worker = await backend.worker(subgraph.name, tracked, {
      concurrency: subgraph.concurrency,
      lockDuration: takeOverAfter,
      stalledInterval: takeOverAfter / 2,
      maxStalledCount: 3,
      runRetryDelay: 1000,
      settings: { backoffStrategy: (attempts: number) => restAfter(attempts, reactAgainAfter) },
    })
    workers.set(subgraph.name, worker)
    worker.on('failed', (job, error) => void settleFailure(subgraph.name, job, error, sources, log))
  }
  // Also a start may meet a backend that is down; schedules are looked at again, for a queue may have lost them.
  const keeping = startRounds({
    every: 600_000,
    failed: 'the workers wait for their queues',
    log,
    async work() {
      await Promise.all(subgraphs.map(start))
      for (const { name, jobs } of subgraphs) await queues.schedule(name, jobs)
    },
  })
  async function close() {
    const stopping = keeping.stop()
    const closing = Promise.all([...workers.values()].map((worker) => worker.close()))
    const finished = Promise.allSettled(underWay).then(() => sleep(maxFarewellMs, true, { ref: false }))
    const left = await Promise.race([closing.then(() => false), finished, sleep(maxDrainMs, true, { ref: false })])
    if (left) {
      log.warn('jobs still under way are left to be run again by others')
      for (const worker of workers.values()) worker.disconnect().catch(() => undefined)
    }
    await Promise.all([backend.close(), queues.close()])
    await stopping
  }
  let closed: Promise<void> | undefined
  return {
    idle: () => subgraphs.map(({ name }) => name).filter((name) => !workers.get(name)?.isRunning()),
    close() {
      closed ??= close()
      return closed
    },
  }
}

const attemptsOf = ({ jobs }: WorkedSubgraph, name: string) =>
  name === react ? Number.POSITIVE_INFINITY : (jobs.find((job) => job.name === name)?.attempts ?? mostAttempts)

function workOf(subgraph: WorkedSubgraph, sources: Sources, metrics: Metrics, log: Log) {
  return async (queued: QueuedJob<JobData>): Promise<void> => {
    const { name, data, id = '' } = queued
    const attempt = queued.attemptsMade + 1
    const stop = metrics.jobs.startTimer({ queue: subgraph.name, job: name })
    try {
      const payload = name === react ? await eventFor(data.data as ReactData, sources) : data.data
      if (payload === forgotten) log.error({ queue: subgraph.name, id, data }, 'an event is no longer kept')
      else await subgraph.run(name, payload, { id, attempt })
      if (data.source) await sources.acknowledge(data.source, id)
      stop({ outcome: payload === forgotten ? 'failed' : 'done' })
    } catch (error) {
      const last = attempt >= attemptsOf(subgraph, name)
      stop({ outcome: last ? 'failed' : attempt < mostAttempts ? 'retried' : 'overdue' })
      if (!last) throw error
      throw Object.assign(new UnrecoverableError(error instanceof Error ? error.message : String(error)), {
        cause: error,
      })
    }
  }
}

const forgotten = Symbol('an event that is no longer kept')

async function eventFor({ source, eventId }: ReactData, sources: Sources): Promise<Reacting | typeof forgotten> {
  const event = await sources.loadEvent(source, eventId)
  return event ? { event } : forgotten
}

async function settleFailure(
  queue: string,
  job: QueuedJob<JobData> | undefined,
  error: Error,
  sources: Sources,
  log: Log,
) {
  const said = { err: error, queue, job: job?.name, id: job?.id, attempt: job?.attemptsMade }
  if (!job?.finishedOn || job.name === react) {
    const level = (job?.attemptsMade ?? 0) < mostAttempts ? 'warn' : 'error'
    return log[level]({ ...said, data: job?.data }, 'a job has failed and will be tried again')
  }
  log.error({ ...said, data: job.data }, 'a job has failed for good')
  if (!job.data.source || !job.id) return
  // It must not be owed for ever; BullMQ keeps it among the failed ones.
  await sources
    .acknowledge(job.data.source, job.id)
    .catch((err: unknown) => log.error({ err, id: job.id }, 'a job given up is still owed'))
}
