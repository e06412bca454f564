// Kept-alive connections to one address, and a second attempt where the first met a connection that had died.
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Dispatcher, errors, Pool } from 'undici'
import { responseTooLarge } from '../errors.ts'
import { type Call, type Exchanged, exchanged } from './exchange.ts'

export type KeptAlive = ReturnType<typeof keptAlive>

/** An answer larger than this is cut off while it arrives. */
const largestAnswer = 16 * 1024 * 1024

/** Ours keep idle connections for 65 s. Of others nobody knows, unless they say so: the commonest close them after 5. */
export const idle = { ours: 20_000, foreign: 4000 }

/**
 * Each part of an exchange may take `timeout` milliseconds; the whole of it is bounded by the call's signal. A connection
 * that is idle ends here before the server would end it, so that none is used while it is being closed.
 */
export function keptAlive(url: string, timeout: number, idleFor: number) {
  const { origin } = new URL(url)
  const limits = {
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connectTimeout: timeout,
    maxResponseSize: largestAnswer,
  }
  const pool = new Pool(origin, { ...limits, connections: 50, keepAliveTimeout: idleFor, keepAliveMaxTimeout: 55_000 })

  async function repeated(call: Call) {
    // once more and on a connection of its own: the pool may hold others that died with this one
    await sleep(50, undefined, { signal: call.signal })
    const client = new Client(origin, limits)
    const answer = exchanged(client, call)
    void client.close()
    return answer
  }

  return {
    request: (call: Dispatcher.RequestOptions) => pool.request(call),

    /** Asks an operation, a second time only if it is one that may be repeated. */
    ask: (call: Call, query: string): Promise<Exchanged> =>
      exchanged(pool, call).catch((error: unknown) => {
        if (isTooLarge(error)) throw responseTooLarge(largestAnswer)
        if (!isLostConnection(error) || mayWrite(query)) throw error
        return repeated(call)
      }),

    close: () => pool.close(),
  }
}

const isTooLarge = (error: unknown) => error instanceof errors.ResponseExceededMaxSizeError

const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

const isLostConnection = (error: unknown) => lost.has((error as { code?: string }).code ?? '')

/** Guesses on the safe side: a query that merely names a field `mutation` is not repeated. */
export const mayWrite = (query: string) => /\bmutation\b/.test(query)
