// A subgraph behind an address: operations over kept-alive HTTP, subscriptions over one shared socket.
import { GraphQLError } from 'graphql'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { failure, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { type ClientInfo, clientText } from '../viewer/client-info.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { Events, SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { idle, keptAlive, mayWrite } from './kept-alive.ts'
import { mergedCalls } from './merged-calls.ts'
import { parsedAnswer } from './parsed-answer.ts'
import { remoteSubscriptions } from './remote-subscriptions.ts'
import { clientHeader, idempotencyKeyHeader, requestIdHeader, resultIn, timeoutHeader, viewerHeader } from './wire.ts'

export type RemoteOptions = {
  readonly name: string
  /** The subgraph's GraphQL endpoint, `http://crm:4002/graphql`. */
  readonly url: string
  /** Signs the viewer of a request, with the secret that the subgraph knows. */
  readonly signer: (viewer: Viewer) => Promise<string>
  /** Signs who sent a request. */
  readonly signClient: (client: ClientInfo) => Promise<string>
  /** Milliseconds that an answer may take, and the opening of a subscription. */
  readonly timeout: number
  readonly log: Log
}

export type RemoteExecutor = SubgraphExecutor & { close(): Promise<void> }

export function remoteExecutor(options: RemoteOptions): RemoteExecutor {
  const { name, url, timeout, signer, signClient, log } = options
  const { pathname } = new URL(url)
  const readyPath = new URL('ready', url).pathname
  const connections = keptAlive(url, timeout, idle.ours)
  const subscriptions = remoteSubscriptions(options)

  const calls = mergedCalls<string>(timeout)

  async function textOf(request: SubgraphRequest): Promise<string> {
    const { query, variables, viewer, client, requestId, idempotencyKey, mayJoin, signal } = request
    const body = JSON.stringify({ query, variables })
    const text = client ? `${clientText(client)} ${body}` : body
    return calls.ask(mayJoin ? { viewer, text } : undefined, signal, async (stopped) => {
      const headers = {
        'content-type': 'application/json',
        [viewerHeader]: await signer(viewer),
        ...(client && { [clientHeader]: await signClient(client) }),
        [requestIdHeader]: requestId,
        [timeoutHeader]: String(Math.max(1, Math.floor(request.timeout ?? timeout))),
        ...(idempotencyKey !== undefined && { [idempotencyKeyHeader]: idempotencyKey }),
      }
      const call = { path: pathname, method: 'POST', headers, body, signal: stopped } as const
      const { statusCode, text } = await connections.ask(call, query)
      if (statusCode === 413) throw failure('PAYLOAD_TOO_LARGE', 'The operation asks a subgraph too much at once.')
      if (statusCode !== 200) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 200)}`)
      return text
    })
  }

  return {
    name,
    async visit({ request, viewer, client, requestId }) {
      const { pathname: path, search } = new URL(request.url)
      const headers = {
        ...Object.fromEntries(request.headers),
        [viewerHeader]: await signer(viewer),
        ...(client && { [clientHeader]: await signClient(client) }),
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
    async execute(request) {
      try {
        return resultIn(parsedAnswer(await textOf(request)))
      } catch (err) {
        if (!request.signal?.aborted) log.warn({ err, subgraph: name, requestId: request.requestId }, 'no answer')
        throw err instanceof GraphQLError ? err : unavailable()
      } finally {
        if (mayWrite(request.query)) calls.forget()
      }
    },
    async subscribe(request) {
      const source = await subscriptions.subscribe(request)
      return Symbol.asyncIterator in source ? beforeEach(source, calls.forget) : source
    },
    async ready() {
      const { statusCode, body } = await connections.request({ path: readyPath, method: 'GET' })
      const text = await body.text()
      if (statusCode !== 200 && statusCode !== 503) throw new Error(`HTTP ${statusCode}: ${text.slice(0, 200)}`)
      return readinessIn.parse(JSON.parse(text))
    },
    close: async () => {
      await Promise.all([subscriptions.close(), connections.close()])
    },
  }
}

const readinessIn = z.object({
  status: z.enum(['ok', 'degraded', 'unavailable', 'draining']),
  dependencies: z.record(z.string(), z.string()),
})

/** The same events; `work` is done before anybody hears of one. */
const beforeEach = (events: Events, work: () => void): Events => ({
  get beginning() {
    return events.beginning
  },
  arrived: events.arrived,
  caughtUp: events.caughtUp,
  [Symbol.asyncIterator]() {
    return this
  },
  async next() {
    const step = await events.next()
    work()
    return step
  },
  return: async () => (await events.return?.()) ?? { done: true, value: undefined },
})
