// A drizzle database whose statements each take a connection from the queue, and whose transactions keep theirs.
import { PgDialect } from 'drizzle-orm/pg-core'
import { PostgresJsDatabase, PostgresJsSession } from 'drizzle-orm/postgres-js'
import type { PendingQuery, Row, Sql } from 'postgres'
import { cancellable, StatementCancelled } from './cancel.ts'
import type { Connection } from './connection.ts'
import type { ConnectionQueue, ConnectionUser } from './connection-queue.ts'

export type Db = PostgresJsDatabase

/** Called with the text of every statement that is sent. */
export type Observe = (text: string, outcome: Promise<unknown>) => void

export type SessionOptions = {
  readonly queue: ConnectionQueue<Connection>
  readonly observe: Observe
  readonly user: ConnectionUser
  /** Aborted when nobody waits any longer: what waits for a connection is dropped, what runs is cancelled. */
  readonly signal: AbortSignal | undefined
}

const dialect = new PgDialect({ casing: 'snake_case' })

export const openSession = (options: SessionOptions): Db => databaseOver(clientOf(options))

/** What drizzle asks of a client of postgres.js, and no more. */
type DrizzleClient = {
  unsafe(text: string, parameters: never[]): Promise<unknown> & { values(): Promise<unknown> }
  begin?(work: (transaction: DrizzleClient) => Promise<unknown>): Promise<unknown>
  savepoint?(work: (transaction: DrizzleClient) => Promise<unknown>): Promise<unknown>
}

const databaseOver = (client: DrizzleClient): Db => {
  const session = new PostgresJsSession(client as unknown as Sql, dialect, undefined)
  return new PostgresJsDatabase(dialect, session as never, undefined)
}

function clientOf(options: SessionOptions): DrizzleClient {
  const { queue, user, signal } = options
  const use = <T>(work: (connection: Connection) => Promise<T>) =>
    queue.use(user, signal, (connection) => work(connection).finally(connection.renewIfFull))

  return {
    unsafe: (text, parameters) =>
      statement((asArrays) =>
        use((connection) => run(options, connection.statement(connection.client(), text, parameters), text, asArrays)),
      ),
    begin: (work) =>
      use(async (connection) => {
        let isOver = false
        try {
          return await connection.client().begin(async (inner) => {
            const result = await work(transactionOf(options, connection, inner as unknown as Inner, () => isOver))
            // Whoever was told that time has run out must not find it done; once COMMIT is sent, nothing cancels it.
            if (signal?.aborted) throw new StatementCancelled()
            return result
          })
        } finally {
          isOver = true
        }
      }),
  }
}

type Inner = Sql & { savepoint(work: (inner: Inner) => Promise<unknown>): Promise<unknown> }

function transactionOf(
  options: SessionOptions,
  connection: Connection,
  inner: Inner,
  isOver: () => boolean,
): DrizzleClient {
  return {
    unsafe: (text, parameters) =>
      statement(async (asArrays) => {
        // The connection may be another transaction's by now.
        if (isOver()) throw new Error('The transaction of this statement has ended.')
        if (options.signal?.aborted) throw new StatementCancelled()
        return run(options, connection.statement(inner, text, parameters), text, asArrays)
      }),
    savepoint: (work) => inner.savepoint((deeper) => work(transactionOf(options, connection, deeper, isOver))),
  }
}

function run(
  { observe, signal }: SessionOptions,
  query: PendingQuery<Row[]>,
  text: string,
  asArrays: boolean,
): Promise<unknown> {
  const outcome = cancellable(asArrays ? (query.values() as never) : query, signal)
  observe(text, outcome)
  return outcome
}

/** Runs once it is known whether rows are wanted as arrays, which drizzle says right after it has made the statement. */
function statement(send: (asArrays: boolean) => Promise<unknown>) {
  let asArrays = false
  const outcome = Promise.resolve().then(() => send(asArrays))
  return Object.assign(outcome, {
    values() {
      asArrays = true
      return outcome
    },
  })
}
