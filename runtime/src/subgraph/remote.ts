// A subgraph behind an address: operations over kept-alive HTTP, subscriptions over one shared socket.
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Dispatcher, Pool } from 'undici'
import { unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { remoteSubscriptions } from './remote-subscriptions.ts'
import { idempotencyKeyHeader, requestIdHeader, resultIn, viewerHeader } from './wire.ts'

export type RemoteOptions = {
  readonly name: string
  /** The subgraph's GraphQL endpoint, `http://crm:4002/graphql`. */
  readonly url: string
  /** Signs the viewer of a request, with the secret that the subgraph knows. */
  readonly signer: (viewer: Viewer) => Promise<string>
  /** Milliseconds that an answer may take, and the opening of a subscription. */
  readonly timeout: number
  readonly log: Log
}

export type RemoteExecutor = SubgraphExecutor & { close(): Promise<void> }

export function remoteExecutor(options: RemoteOptions): RemoteExecutor {
  const { name, timeout, signer, log } = options
  const { origin, pathname } = new URL(options.url)
  const limits = {
    headersTimeout: timeout,
    bodyTimeout: timeout,
    connectTimeout: timeout,
    maxResponseSize: 16 * 1024 * 1024,
  }
  // Idle connections end here well before the server's 65 s, so that none is used while the server closes it.
  const pool = new Pool(origin, { ...limits, connections: 50, keepAliveTimeout: 20_000, keepAliveMaxTimeout: 55_000 })
  const subscriptions = remoteSubscriptions(options)

  const post = async (request: SubgraphRequest, signal: AbortSignal) => {
    const call: Dispatcher.RequestOptions = {
      path: pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [viewerHeader]: await signer(request.viewer),
        [requestIdHeader]: request.requestId,
        ...(request.idempotencyKey !== undefined && { [idempotencyKeyHeader]: request.idempotencyKey }),
      },
      body: JSON.stringify({ query: request.query, variables: request.variables }),
      signal,
    }
    try {
      return await pool.request(call)
    } catch (error) {
      if (!isLostConnection(error) || mayWrite(request.query)) throw error
      // Once more and on a connection of its own: the pool may hold others that died with this one.
      await sleep(50, undefined, { signal })
      const client = new Client(origin, limits)
      const answer = client.request(call)
      void client.close()
      return answer
    }
  }

  return {
    name,
    async visit({ request, viewer, requestId }) {
      const { pathname: path, search } = new URL(request.url)
      const headers = {
        ...Object.fromEntries(request.headers),
        [viewerHeader]: await signer(viewer),
        [requestIdHeader]: requestId,
      }
      const sent = request.body ? { body: Buffer.from(await request.arrayBuffer()) } : {}
      try {
        const method = request.method as Dispatcher.HttpMethod
        const answer = await pool.request({ path: path + search, method, headers, ...sent })
        const type = answer.headers['content-type']
        const policy = answer.headers['content-security-policy']
        return new Response(await answer.body.arrayBuffer(), {
          status: answer.statusCode,
          headers: {
            ...(typeof type === 'string' && { 'content-type': type }),
            ...(typeof policy === 'string' && { 'content-security-policy': policy }),
          },
        })
      } catch (err) {
        log.warn({ err, subgraph: name, requestId }, 'no answer')
        throw unavailable()
      }
    },
    execute: async (request) => {
      const deadline = AbortSignal.timeout(timeout)
      const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
      try {
        const { statusCode, body } = await post(request, signal)
        const text = await body.text()
        if (statusCode !== 200) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 200)}`)
        return resultIn(JSON.parse(text))
      } catch (err) {
        if (!request.signal?.aborted) log.warn({ err, subgraph: name, requestId: request.requestId }, 'no answer')
        throw unavailable()
      }
    },
    subscribe: subscriptions.subscribe,
    close: async () => {
      await Promise.all([subscriptions.close(), pool.close()])
    },
  }
}

const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

const isLostConnection = (error: unknown) => lost.has((error as { code?: string }).code ?? '')

/** Guesses on the safe side: a query that merely names a field `mutation` is not repeated. */
const mayWrite = (query: string) => /\bmutation\b/.test(query)
