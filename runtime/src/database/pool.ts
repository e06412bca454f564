// A subgraph's connections to PostgreSQL: time-outs on everything, its own role, and a share for each who uses them.
import type { Notice, Sql } from 'postgres'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Viewer } from '../viewer/viewer.ts'
import { type Connection, openClient, openConnection } from './connection.ts'
import { type ConnectionQueue, type ConnectionUser, connectionQueue } from './connection-queue.ts'
import { type Listener, listener } from './listen.ts'
import { recentStatements } from './prepared-statements.ts'
import { type Db, type Observe, openSession } from './session.ts'

export type { Db } from './session.ts'

/** For whom statements are run, and until when. */
export type DatabaseUse = {
  readonly viewer: Pick<Viewer, 'kind' | 'id'>
  /**
   * Aborted when nobody waits any longer: what waits for a connection is dropped, what runs is cancelled. A service without
   * one runs a job.
   */
  readonly signal?: AbortSignal | undefined
}

export type Database = {
  /** The subgraph's name, its schema and, as `switchyard_<name>`, its role. */
  readonly schema: string
  /** For requests and jobs: each viewer, and all jobs together, may hold a share of the connections. */
  openFor(use: DatabaseUse): Db
  /** The runtime's own few connections, for its statements; no request holds them up. */
  readonly sql: Sql
  /** The same connections for drizzle. */
  readonly db: Db
  readonly listen: Listener['listen']
  /** Called with the text of every statement; what a test counts. */
  onStatement: ((text: string) => void) | undefined
  close(): Promise<void>
}

export type DatabaseOptions = {
  readonly url: string
  readonly schema: string
  /** Connections for requests and jobs. */
  readonly max: number
  /** Connections of the runtime itself. */
  readonly maxRuntime?: number
  /** Milliseconds after which PostgreSQL itself cancels a statement of a request or a job. */
  readonly statementTimeout?: number
  readonly log: Log
  readonly metrics?: Metrics | undefined
}

/**
 * In seconds. A connection on which a statement gets no byte for longer than PostgreSQL would let it run is dead and is
 * closed: otherwise, whoever waits on it waits for ever.
 */
export const silence = { response_timeout: 10, keep_alive: 10 }

export const roleOf = (schema: string) => `switchyard_${schema}`

const defaultMaxRuntime = 3
const defaultStatementTimeoutMs = 5000
const maxLockTimeoutMs = 2000

/** The share of the connections that one viewer may hold, and that all jobs may hold together. */
const viewerShare = 0.4
const jobShare = 0.5

/** Opens the pools of one subgraph; nothing connects until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, schema, max, metrics, maxRuntime = defaultMaxRuntime } = options
  const recent = recentStatements()
  const clientOptions = clientOptionsOf(options, options.statementTimeout ?? defaultStatementTimeoutMs)
  const connections = Array.from({ length: max }, () => openConnection(url, clientOptions, recent))
  const queue = connectionQueue<Connection>(connections)
  const sql = openClient(url, {
    ...clientOptionsOf(options, defaultStatementTimeoutMs),
    max: Math.min(max, maxRuntime),
  })

  const observe: Observe = (text, outcome) => {
    database.onStatement?.(text)
    if (!metrics) return
    metrics.pool.inc({ subgraph: schema })
    const stop = metrics.statements.startTimer({ subgraph: schema })
    const done = (outcome: string) => {
      metrics.pool.dec({ subgraph: schema })
      stop({ outcome })
    }
    outcome.then(
      () => done('ok'),
      () => done('error'),
    )
  }
  const { listen, close: stopListening } = listener(sql)
  const database: Database = {
    schema,
    sql,
    db: runtimeSession(sql, observe),
    openFor: (use) => openSession({ queue, observe, user: userOf(use, max), signal: use.signal }),
    onStatement: undefined,
    listen,
    close: async () => {
      stopListening()
      await Promise.all([sql.end({ timeout: 5 }), ...connections.map((connection) => connection.close())])
    },
  }
  return database
}

const clientOptionsOf = ({ schema, log }: DatabaseOptions, statementTimeout: number) => ({
  idle_timeout: 30,
  max_lifetime: 1800,
  connect_timeout: 5,
  ...silence,
  response_timeout: Math.max(silence.response_timeout, Math.ceil(statementTimeout / 1000) + 5),
  backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
  connection: {
    statement_timeout: statementTimeout,
    lock_timeout: Math.min(maxLockTimeoutMs, Math.floor(statementTimeout * 0.8)),
    idle_in_transaction_session_timeout: 10_000,
    role: roleOf(schema),
    TimeZone: 'UTC',
    jit: 'off',
    // A connection is one process of PostgreSQL: who holds a share of them must not get more by parallel plans. (The
    // number 0 would not be sent.)
    max_parallel_workers_per_gather: '0',
    application_name: `switchyard ${schema}`,
  },
  onnotice: (notice: Notice) => log.debug({ notice: notice.message }, 'notice from the database'),
})

/** A share is one connection at least: `DB_POOL` may be as small as 2. */
function userOf({ viewer: { kind, id }, signal }: DatabaseUse, max: number): ConnectionUser {
  if (kind !== 'SERVICE') return { key: `${kind}:${id}`, max: Math.max(1, Math.floor(max * viewerShare)) }
  // a request of the service itself, such as whose a token is: requests of all viewers wait for it
  if (signal) return { key: `${kind}:${id}`, max }
  return { key: 'jobs', max: Math.max(1, Math.floor(max * jobShare)) }
}

/** All of the runtime's connections as one, which need not be waited for. */
function runtimeSession(sql: Sql, observe: Observe): Db {
  const connection: Connection = {
    client: () => sql,
    statement: (client, text, parameters) => client.unsafe(text, parameters, { prepare: true }),
    renewIfFull: () => undefined,
    close: async () => undefined,
  }
  const queue: ConnectionQueue<Connection> = { use: (_user, _signal, work) => work(connection) }
  return openSession({ queue, observe, user: { key: 'runtime', max: defaultMaxRuntime }, signal: undefined })
}
