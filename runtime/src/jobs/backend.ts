// BullMQ on its two backends: Redis when there is one, else PostgreSQL; one pool of connections for all queues.
import { once } from 'node:events'
import {
  type BackendFactory,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type PostgresConnectionOptions,
  type Processor,
  type Queue,
  type QueueOptions,
  runMigrations,
  type Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq'
import type pg from 'pg'
import type { Log } from '../log.ts'
import { openRedis } from '../redis.ts'
import { openPostgresPool } from './postgres-pool.ts'

/** Where jobs wait: in Redis if there is a `redisUrl`, else in the schema `bullmq` of the database. */
export type QueueSettings = { readonly redisUrl: string | undefined; readonly databaseUrl: string }

type Needed = 'addBulk' | 'getJob' | 'remove' | 'getJobCounts' | 'close'
type NeededForSchedules = 'getJobSchedulers' | 'upsertJobScheduler' | 'removeJobScheduler'
export type JobQueue = Pick<Queue, Needed | NeededForSchedules>
export type JobWorker = Pick<Worker, 'on' | 'close' | 'disconnect' | 'isRunning'>
export type WorkerSettings = Omit<WorkerOptions, 'connection'>

export type Backend = {
  queue(name: string, defaultJobOptions: NonNullable<QueueOptions['defaultJobOptions']>): Promise<JobQueue>
  worker(name: string, work: Processor, settings: WorkerSettings): Promise<JobWorker>
  close(): Promise<void>
}

/** A producer fails fast when the backend is down; a worker waits until it is back. `workers` says how many it serves. */
export type BackendUse = 'producer' | { readonly workers: number }

export const openBackend = ({ redisUrl, databaseUrl }: QueueSettings, use: BackendUse, log: Log): Backend =>
  redisUrl ? redisBackend(redisUrl, use, log) : postgresBackend(databaseUrl, use, log)

/** A worker's clients block for up to 10 s while they wait for a job. */
const blockingTimeoutMs = 12_000

function redisBackend(url: string, use: BackendUse, log: Log): Backend {
  const failing =
    use === 'producer'
      ? { enableOfflineQueue: false, commandTimeout: 2000, maxRetriesPerRequest: 1 }
      : { maxRetriesPerRequest: null, socketTimeout: blockingTimeoutMs }
  const client = openRedis(url, { ...failing, lost: 'the queues have lost Redis', log })
  const prepare = async () => {
    if (use === 'producer' && client.status !== 'ready')
      await once(client, 'ready', { signal: AbortSignal.timeout(500) })
  }
  let isClosed = false
  return {
    // Without the check of its version, a queue that is made while Redis is away does not stay broken.
    ...over(createRedisBackend, client, prepare, {
      options: { skipVersionCheck: true, skipWaitingForReady: true },
      isClosed: () => isClosed,
      log,
    }),
    close: async () => {
      isClosed = true
      client.disconnect()
    },
  }
}

const schema = 'bullmq'

function postgresBackend(connectionString: string, use: BackendUse, log: Log): Backend {
  // Each worker keeps one to LISTEN.
  const pool = openPostgresPool(connectionString, { max: use === 'producer' ? 2 : use.workers + 6, schema, log })
  let migrated: Promise<void> | undefined
  const prepare = () => {
    migrated ??= migrate(pool).catch((error: unknown) => {
      migrated = undefined
      throw error
    })
    return migrated
  }
  // Its declaration of a pool is narrower than what it takes.
  const connection = pool as unknown as PostgresConnectionOptions
  let isClosed = false
  return {
    ...over(createPostgresBackend, connection, prepare, { options: {}, isClosed: () => isClosed, log }),
    close: () => {
      isClosed = true
      return pool.end()
    },
  }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    client.release()
  }
}

type OverOptions = {
  readonly options: { skipVersionCheck?: boolean; skipWaitingForReady?: boolean }
  readonly isClosed: () => boolean
  readonly log: Log
}

/** Queues and workers of BullMQ over one backend; each is handed out once it is ready. */
function over<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  connection: C,
  prepare: () => Promise<void>,
  { options, isClosed, log }: OverOptions,
): Omit<Backend, 'close'> {
  const { Queue, Worker } = withBackend(factory)

  /** A worker on a connection that is closed would fail and try again without a pause, and nobody would end it. */
  async function opened(): Promise<void> {
    await prepare()
    if (isClosed()) throw new Error('The queues are closed.')
  }

  return {
    async queue(name, defaultJobOptions) {
      await opened()
      const queue = new Queue(name, { connection, defaultJobOptions, ...options })
      queue.on('error', (error) => log.warn({ err: error, queue: name }, 'the queue has failed'))
      await queue.waitUntilReady()
      return queue as unknown as JobQueue
    },
    async worker(name, work, settings) {
      await opened()
      const worker = new Worker(name, work, { ...settings, connection })
      worker.on('error', (error) => log.warn({ err: error, queue: name }, 'the worker has failed'))
      return worker as unknown as JobWorker
    },
  }
}
