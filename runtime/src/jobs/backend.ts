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
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Log } from '../log.ts'

/** Where jobs wait: in Redis if there is a `redisUrl`, else in the schema `bullmq` of the database. */
export type QueueSettings = { readonly redisUrl: string | undefined; readonly databaseUrl: string }

type Needed = 'addBulk' | 'getJob' | 'remove' | 'getJobCounts' | 'close'
type NeededForSchedules = 'getJobSchedulers' | 'upsertJobScheduler' | 'removeJobScheduler'
export type JobQueue = Pick<Queue, Needed | NeededForSchedules>
export type JobWorker = Pick<Worker, 'on' | 'close' | 'disconnect'>
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

function redisBackend(url: string, use: BackendUse, log: Log): Backend {
  const patience =
    use === 'producer'
      ? { enableOfflineQueue: false, commandTimeout: 2000, maxRetriesPerRequest: 1 }
      : { maxRetriesPerRequest: null }
  const retryStrategy = (times: number) => Math.min(50 * 2 ** times, 1000)
  const client = new Redis(url, { ...patience, retryStrategy })
  client.on('error', (error) => log.warn({ err: error }, 'the queues have lost Redis'))
  const prepare = async () => {
    if (use === 'producer' && client.status !== 'ready')
      await once(client, 'ready', { signal: AbortSignal.timeout(500) })
  }
  return {
    // Without the check of its version, a queue that is made while Redis is away does not stay broken.
    ...over(createRedisBackend, client, prepare, { skipVersionCheck: true, skipWaitingForReady: true }, log),
    close: async () => client.disconnect(),
  }
}

const schema = 'bullmq'

function postgresBackend(connectionString: string, use: BackendUse, log: Log): Backend {
  const pool = new pg.Pool({
    connectionString,
    // Each worker keeps one to LISTEN.
    max: use === 'producer' ? 2 : use.workers + 6,
    keepAlive: true,
    connectionTimeoutMillis: 3000,
    statement_timeout: 5000,
    application_name: 'switchyard jobs',
    // What a crash of the server might forget here, the dispatches still owe.
    options: `-c search_path=${schema} -c synchronous_commit=off`,
  })
  pool.setMaxListeners(0)
  pool.on('error', (error) => log.warn({ err: error }, 'the queues have lost a connection to the database'))
  // A connection that dies while in use says so here too; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
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
  return { ...over(createPostgresBackend, connection, prepare, {}, log), close: () => pool.end() }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    client.release()
  }
}

/** Queues and workers of BullMQ over one backend; each is handed out once it is ready. */
function over<B extends IQueueBackend, C>(
  factory: BackendFactory<B, C>,
  connection: C,
  prepare: () => Promise<void>,
  options: { skipVersionCheck?: boolean; skipWaitingForReady?: boolean },
  log: Log,
): Omit<Backend, 'close'> {
  const { Queue, Worker } = withBackend(factory)
  return {
    async queue(name, defaultJobOptions) {
      await prepare()
      const queue = new Queue(name, { connection, defaultJobOptions, ...options })
      queue.on('error', (error) => log.warn({ err: error, queue: name }, 'the queue has failed'))
      await queue.waitUntilReady()
      return queue as unknown as JobQueue
    },
    async worker(name, work, settings) {
      await prepare()
      const worker = new Worker(name, work, { ...settings, connection })
      worker.on('error', (error) => log.warn({ err: error, queue: name }, 'the worker has failed'))
      return worker as unknown as JobWorker
    },
  }
}
