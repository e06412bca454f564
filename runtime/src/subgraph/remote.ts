// A subgraph behind an address: operations over kept-alive HTTP, subscriptions over one shared socket.
import type { Dispatcher } from 'undici'
import { unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { keptAlive } from './kept-alive.ts'
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
  const { name, url, timeout, signer, log } = options
  const { pathname } = new URL(url)
  const connections = keptAlive(url, timeout)
  const subscriptions = remoteSubscriptions(options)

  const post = async (request: SubgraphRequest, signal: AbortSignal) => {
    const headers = {
      'content-type': 'application/json',
      [viewerHeader]: await signer(request.viewer),
      [requestIdHeader]: request.requestId,
      ...(request.idempotencyKey !== undefined && { [idempotencyKeyHeader]: request.idempotencyKey }),
    }
    const body = JSON.stringify({ query: request.query, variables: request.variables })
    return connections.ask({ path: pathname, method: 'POST', headers, body, signal }, request.query)
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
        const answer = await connections.request({ path: path + search, method, headers, ...sent })
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
      await Promise.all([subscriptions.close(), connections.close()])
    },
  }
}
