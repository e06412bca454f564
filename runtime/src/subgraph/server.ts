// A subgraph's own door, for the gateway only: whoever does not bring a viewer signed by it learns nothing.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphQLError } from 'graphql'
import { codeOf, failure } from '../errors.ts'
import { createHttpServer } from '../http/server.ts'
import type { Log } from '../log.ts'
import { listenAt } from '../process/listen.ts'
import { type ProbeOptions, probes } from '../process/probes.ts'
import type { ClientInfo } from '../viewer/client-info.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { SubgraphExecutor } from './executor.ts'
import { operationIn } from './request-body.ts'
import { subscriptionServer } from './server-socket.ts'
import { clientHeader, idempotencyKeyHeader, requestIdHeader, timeoutHeader, viewerHeader } from './wire.ts'

export type SubgraphServerOptions = ProbeOptions & {
  readonly executor: SubgraphExecutor
  /** The viewer in a signed header; throws UNAUTHENTICATED for one that the gateway did not sign. */
  readonly verify: (token: string | undefined) => Promise<Viewer>
  /** The client in a signed header; throws UNAUTHENTICATED for one that the gateway did not sign. */
  readonly verifyClient: (token: string | undefined) => Promise<ClientInfo>
  /** The cursor of the newest event, after which a subscription begins that names no other. */
  readonly newest: () => Promise<string | undefined>
  readonly port: number
  readonly host: string
  readonly log: Log
}

export type SubgraphServer = { readonly url: string; readonly port: number; drain(): Promise<void> }

export async function serveSubgraph(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { executor, verify, verifyClient, log, host } = options
  const probe = probes({
    ...options,
    ready: async () => (draining ? { status: 'draining', dependencies: {} } : options.ready()),
  })
  let draining = false

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [path] = request.url?.split('?') ?? []
    if (path === '/graphql' && request.method === 'POST') return execute(request, response)
    if (await probe(request, response)) return
    if (executor.visit) return visit(request, response)
    refuse(response, 404, failure('NOT_FOUND', 'There is nothing here.'))
  }

  const clientOf = async (request: IncomingMessage) => {
    const token = headerOf(request, clientHeader)
    return token === undefined ? undefined : verifyClient(token)
  }

  const execute = async (request: IncomingMessage, response: ServerResponse) => {
    const viewer = await verify(headerOf(request, viewerHeader))
    const client = await clientOf(request)
    const operation = await operationIn(request)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const requestId = headerOf(request, requestIdHeader) ?? randomUUID()
    const idempotencyKey = headerOf(request, idempotencyKeyHeader)
    send(
      response,
      200,
      await executor.execute({
        ...operation,
        viewer,
        client,
        requestId,
        idempotencyKey,
        timeout: timeoutOf(request),
        signal: gone.signal,
      }),
    )
  }

  const visit = async (request: IncomingMessage, response: ServerResponse) => {
    const viewer = await verify(headerOf(request, viewerHeader))
    const client = await clientOf(request)
    const requestId = headerOf(request, requestIdHeader) ?? randomUUID()
    const answer = await executor.visit?.({ request: webRequest(request), viewer, client, requestId })
    if (!answer) return
    if (draining) response.setHeader('connection', 'close')
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  }

  const server = createHttpServer({ log }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.destroyed) return
      const code = codeOf(error)
      if (!code) log.error({ err: error, requestId: headerOf(request, requestIdHeader) }, 'a request failed')
      const known =
        code && error instanceof GraphQLError ? error : failure('INTERNAL_SERVER_ERROR', 'Something went wrong.')
      refuse(response, statuses[String(known.extensions.code)] ?? 500, known)
    })
  })
  const send = (response: ServerResponse, status: number, body: unknown) => {
    if (draining) response.setHeader('connection', 'close')
    const text = JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }
  const refuse = (response: ServerResponse, status: number, error: GraphQLError) => {
    // What has not been read of the body would be taken for the next request.
    response.setHeader('connection', 'close')
    send(response, status, { errors: [error] })
  }

  server.requestTimeout = 30_000
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 66_000
  const sockets = subscriptionServer(server, options)
  const port = await listenAt(server, options)

  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`,
    drain: async () => {
      draining = true
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      sockets.close()
      const inTime = await Promise.race([closed.then(() => true), sleep(9000, false, { ref: false })])
      if (inTime) return
      log.warn({ subgraph: executor.name }, 'some requests did not end in time and are cut off')
      sockets.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

const statuses: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  BAD_USER_INPUT: 400,
  SERVICE_UNAVAILABLE: 503,
  PAYLOAD_TOO_LARGE: 413,
}

function webRequest(request: IncomingMessage): Request {
  const { method = 'GET', url = '/', headers } = request
  const kept = ['accept', 'content-type'].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Readable.toWeb(request), duplex: 'half' as const }
  return new Request(`http://subgraph.internal${url}`, { method, headers: kept, ...body })
}

/** Milliseconds; undefined where the caller does not say, or nothing that can be. */
function timeoutOf(request: IncomingMessage): number | undefined {
  const text = headerOf(request, timeoutHeader) ?? ''
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
