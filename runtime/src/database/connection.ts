// One connection to PostgreSQL for requests and jobs, used by one of them at a time.
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres, { type Options, type PendingQuery, type Row, type Sql } from 'postgres'
import { namedStatements, type RecentStatements } from './prepared-statements.ts'

export type ClientOptions = Options<Record<string, never>>

/** A client that hands over dates and JSON as text, which is what drizzle reads. */
export function openClient(url: string, options: ClientOptions): Sql {
  const client = postgres(url, options)
  drizzle(client)
  return client
}

export type Connection = {
  /** A client of this one connection, which it opens at its first statement and again when it was lost. */
  client(): Sql
  /** Makes a statement of this client, or of a transaction of it, prepared by name if it comes often. */
  statement(client: Sql, text: string, parameters: never[]): PendingQuery<Row[]>
  /** Closes the connection when it has named as many statements as it may; the next use opens a new one. */
  renewIfFull(): void
  close(): Promise<void>
}

export function openConnection(url: string, options: ClientOptions, recent: RecentStatements): Connection {
  const named = namedStatements(recent)
  const open = () => {
    const opened: Sql = openClient(url, { ...options, max: 1, onclose: () => opened === client && named.clear() })
    return opened
  }
  let client: Sql = open()
  return {
    client: () => client,
    statement: (on, text, parameters) => on.unsafe(text, parameters, { prepare: named.has(text, parameters) }),
    renewIfFull() {
      if (!named.isFull()) return
      void client.end()
      client = open()
      named.clear()
    },
    close: () => client.end({ timeout: 5 }),
  }
}
