// Cancels a statement that nobody waits for any longer, without ever cancelling the one after it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { PendingQuery, Row } from 'postgres'

/** A statement that was not run, or not to its end; PostgreSQL's own code for that is 57014, query_canceled. */
export class StatementCancelled extends Error {
  override name = 'StatementCancelled'
  readonly code = '57014'
  constructor() {
    super('canceling statement due to user request')
  }
}

/** What a query of postgres.js knows beside its types; `cancel()` does not tell when its request has arrived. */
type Cancellable = {
  readonly active: boolean
  readonly canceller: (query: unknown) => Promise<void>
}

const firstPauseMs = 10

/**
 * The outcome of the query, which is cancelled when the signal is aborted. Resolves or rejects only when PostgreSQL has
 * answered the query and has taken note of every request to cancel it, so that its connection may be used again.
 */
export async function cancellable<T>(query: PendingQuery<Row[]>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return (await query) as T
  let isOver = false
  let cancelling: Promise<void> | undefined
  const abort = () => {
    cancelling = cancel(query, () => isOver)
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    return (await query) as T
  } finally {
    isOver = true
    signal.removeEventListener('abort', abort)
    await cancelling
  }
}

/** Asks until the query is over: a request that arrives before its query does is without effect. */
async function cancel(query: PendingQuery<Row[]>, isOver: () => boolean): Promise<void> {
  const sent = query as unknown as Cancellable
  const over = query.then(
    () => undefined,
    () => undefined,
  )
  for (let pause = firstPauseMs; !isOver(); pause *= 2) {
    // One that waits for its connection to open, or for the statement before it, has nothing to be cancelled yet.
    if (sent.active) await sent.canceller(query).catch(() => undefined)
    await Promise.race([over, sleep(pause, undefined, { ref: false })])
  }
}
