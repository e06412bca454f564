// The HTTP server of every process: what arrives on its sockets can neither throw nor stay without an answer.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
import type { Log } from '../log.ts'
import { type Refusal, refuseSocket, responseTo } from './raw-response.ts'
import { originForm, pathOf } from './request-target.ts'

export type HttpServerOptions = ServerOptions & { readonly log: Log }

/** A server whose listener is handed requests with a target that begins with `/`; all others are refused in JSON. */
export function createHttpServer({ log, ...options }: HttpServerOptions, listener: RequestListener): Server {
  const server = createServer({ ...options, requireHostHeader: false }, (request, response) => {
    request.on('error', ignore)
    response.on('error', ignore)
    const refusal = malformed(request)
    try {
      if (!refusal) return void listener(request, response)
    } catch (error) {
      log.error({ err: error }, 'a request listener threw')
    }
    refuseRequest(response, refusal ?? failed)
  })
  // before anything is read: Node takes its own listener away where a request becomes an upgrade
  server.on('connection', (socket) => socket.on('error', ignore))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const current = (socket as { _httpMessage?: { headersSent: boolean } })._httpMessage
    // in the middle of a response, another one would be taken for a part of it
    if (error.code === 'ECONNRESET' || current?.headersSent) socket.destroy()
    else refuseSocket(socket, parserRefusals[error.code ?? ''] ?? notHttp)
  })
  server.on('connect', (_, socket) => refuseSocket(socket, noProxy))
  return server
}

/** Refuses a request, and closes its connection: what has not been read of it would be taken for the next one. */
export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) return void response.destroy()
  const { headers, body } = responseTo(refusal)
  response.writeHead(refusal.status, headers).end(body)
}

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void | Promise<void>

/** Hands upgrades of `path` to `handle`; all others are refused, and so is one on which `handle` fails. */
export function acceptUpgrades(server: Server, path: string, handle: UpgradeHandler): void {
  server.on('upgrade', async (request, socket, head) => {
    socket.on('error', ignore)
    const refusal = malformed(request) ?? (pathOf(request.url ?? '') === path ? undefined : notFound)
    if (refusal) return refuseSocket(socket, refusal)
    try {
      await handle(request, socket, head)
    } catch {
      refuseSocket(socket, badUpgrade)
    }
  })
}

/** Why the request cannot be read; where it can, its target is brought to origin form. */
function malformed(request: IncomingMessage): Refusal | undefined {
  const target = originForm(request.url)
  if (target === undefined) return badTarget
  request.url = target
  const { httpVersion, headers, method } = request
  if (method === 'TRACE') return noTrace
  return headers.host === undefined && httpVersion === '1.1' ? noHost : undefined
}

const ignore = () => {}

const badRequest = (message: string, status = 400): Refusal => ({ status, code: 'BAD_REQUEST', message })

const badTarget = badRequest('The address in the request line cannot be read.')
const noHost = badRequest('A request needs a Host header.')
const notHttp = badRequest('The request is not valid HTTP.')
const noTrace = badRequest('TRACE is not accepted here.', 405)
const noProxy = badRequest('CONNECT is not accepted here.', 405)
export const notFound: Refusal = { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this address.' }
const failed: Refusal = { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong.' }

/** Of an upgrade that is no valid WebSocket handshake. */
export const badUpgrade: Refusal = {
  ...badRequest('The WebSocket handshake is not valid.'),
  headers: { 'Sec-WebSocket-Version': '13, 8' },
}

const parserRefusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: badRequest('The headers are too large.', 431),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: badRequest('The chunk extensions are too large.', 413),
  ERR_HTTP_REQUEST_TIMEOUT: badRequest('The request did not arrive in time.', 408),
}
