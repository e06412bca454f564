// A subgraph's connections to PostgreSQL: time-outs on everything, its own role, every statement prepared by name.
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres, { type Sql } from 'postgres'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type Listener, listener } from './listen.ts'

export type Db = PostgresJsDatabase

export type Database = {
  /** The subgraph's name, its schema and, as `switchyard_<name>`, its role. */
  readonly schema: string
  readonly db: Db
  /** The client itself, for the runtime's own statements. */
  readonly sql: Sql
  readonly listen: Listener['listen']
  /** Called with the text of every statement; what a test counts. */
  onStatement: ((text: string) => void) | undefined
  close(): Promise<void>
}

export type DatabaseOptions = { url: string; schema: string; max: number; log: Log; metrics?: Metrics | undefined }

/**
 * In seconds. A connection on which a statement gets no byte for longer than PostgreSQL would let it run is dead and is
 * closed: otherwise, whoever waits on it waits for ever.
 */
export const silence = { response_timeout: 10, keep_alive: 10 }

export const roleOf = (schema: string) => `switchyard_${schema}`

const milliseconds = { statement_timeout: 5000, lock_timeout: 2000, idle_in_transaction_session_timeout: 10_000 }

/** Opens the pool of one subgraph; nothing connects until the first statement. */
export function openDatabase({ url, schema, max, log, metrics }: DatabaseOptions): Database {
  const sql = postgres(url, {
    max,
    idle_timeout: 30,
    max_lifetime: 1800,
    connect_timeout: 5,
    ...silence,
    backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
    connection: {
      ...milliseconds,
      role: roleOf(schema),
      TimeZone: 'UTC',
      jit: 'off',
      application_name: `switchyard ${schema}`,
    },
    onnotice: (notice) => log.debug({ notice: notice.message }, 'notice from the database'),
  })
  const { listen, close } = listener(sql)
  const database: Database = {
    schema,
    sql,
    listen,
    db: drizzle(observed(sql, observe), { casing: 'snake_case' }),
    onStatement: undefined,
    async close() {
      close()
      await sql.end({ timeout: 5 })
    },
  }
  function observe(text: string, answer: Promise<unknown>): void {
    database.onStatement?.(text)
    if (!metrics) return
    metrics.pool.inc({ subgraph: schema })
    const stop = metrics.statements.startTimer({ subgraph: schema })
    const done = (outcome: string) => {
      metrics.pool.dec({ subgraph: schema })
      stop({ outcome })
    }
    answer.then(
      () => done('ok'),
      () => done('error'),
    )
  }
  return database
}

/**
 * The client as drizzle sees it. Drizzle asks postgres.js to prepare nothing unless a statement is named by hand;
 * here every statement is prepared under the name that postgres.js gives its text.
 */
function observed(sql: Sql, observe: (text: string, answer: Promise<unknown>) => void): Sql {
  return new Proxy(sql, {
    get(target, key) {
      if (key === 'unsafe') {
        return (text: string, parameters: never[]) => {
          const query = target.unsafe(text, parameters, { prepare: true })
          observe(text, query)
          return query
        }
      }
      if (key === 'begin' || key === 'savepoint') {
        return (...args: unknown[]) => {
          const work = args.pop() as (inner: Sql) => unknown
          const begin = Reflect.get(target, key) as (...args: unknown[]) => unknown
          return begin(...args, (inner: Sql) => work(observed(inner, observe)))
        }
      }
      return Reflect.get(target, key)
    },
  })
}
