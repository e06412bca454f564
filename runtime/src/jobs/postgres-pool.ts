// The pool of connections that BullMQ uses on PostgreSQL; those on which nobody answers are closed.
import pg from 'pg'
import type { Log } from '../log.ts'

const statementTimeoutMs = 5000
/** Longer than PostgreSQL itself lets a statement run. */
const queryTimeoutMs = 8000
const heartbeatMs = 10_000

export function openPostgresPool(connectionString: string, { max, schema, log }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    keepAlive: true,
    keepAliveInitialDelayMillis: heartbeatMs,
    connectionTimeoutMillis: 3000,
    statement_timeout: statementTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: 'switchyard jobs',
    // What a crash of the server might forget here, PostgreSQL's own record of pending jobs still holds.
    options: `-c search_path=${schema} -c synchronous_commit=off`,
  })
  pool.setMaxListeners(0)
  pool.on('error', (error) => log.warn({ err: error }, 'the queues have lost a connection to the database'))
  // A connection that dies while in use says so here too; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  askLongHeld(pool)
  return pool
}

export type PoolOptions = { readonly max: number; readonly schema: string; readonly log: Log }

/** A worker keeps a connection to LISTEN, on which it hears nothing for as long as nothing happens. */
function askLongHeld(pool: pg.Pool): void {
  const heldSince = new Map<pg.PoolClient, number>()
  pool.on('acquire', (client) => heldSince.set(client, performance.now()))
  pool.on('release', (_, client) => heldSince.delete(client))
  pool.on('remove', (client) => heldSince.delete(client))

  const timer = setInterval(() => {
    if (pool.ending) return clearInterval(timer)
    for (const [client, since] of heldSince) {
      if (performance.now() - since < heartbeatMs) continue
      client.query('select 1').catch((error) => client.connection.stream.destroy(error))
    }
  }, heartbeatMs).unref()
}
