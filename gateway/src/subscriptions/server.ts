// The WebSocket side of /graphql: who may connect, who is connected, and how all of them are let go.
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { codeOf } from '@switchyard/runtime/errors'
import { refuseSocket } from '@switchyard/runtime/http/raw-response'
import { acceptUpgrades, badUpgrade } from '@switchyard/runtime/http/server'
import { handleProtocols } from 'graphql-ws'
import { WebSocketServer } from 'ws'
import { addressKey } from '../limits/client-key.ts'
import type { Authentication } from '../viewer/authentication.ts'
import type { Viewers } from '../viewer/viewers.ts'
import { type Client, createClient } from './client.ts'
import { closeCodes } from './close-codes.ts'
import { type Connection, connect } from './connection.ts'
import { startHeartbeat } from './heartbeat.ts'
import { comesFromAllowedPage, places } from './places.ts'
import { type ProtocolOptions, speakProtocol } from './protocol.ts'

export type SocketOptions = Omit<ProtocolOptions, 'welcome'> & {
  readonly viewers: Viewers
  readonly authentication: Authentication
  readonly clock: Clock
  readonly origins: readonly string[]
  readonly caps: Config['sockets']
}

const largestMessage = 64 * 1024
const patience = 1000
const retryAfterSeconds = 10

export function serveSockets(server: HttpServer, options: SocketOptions) {
  const { viewers, authentication, clock, origins, caps, metrics } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, handleProtocols })
  const addresses = places(caps.perAddress)
  const heartbeat = startHeartbeat()
  const viewerPlaces = places(caps.perViewer)
  const clients = new Map<Connection, Client>()
  const leaving = new WeakMap<Connection, (() => void)[]>()
  let isDraining = false

  async function welcome(connection: Connection, params: Readonly<Record<string, unknown>>) {
    try {
      // GraphiQL sends its Headers tab as it was typed
      const authorization = params.authorization ?? params.Authorization
      const { credential, viewer } = await authentication.connect(connection.sender, authorization)
      const leave = viewer.id === null ? () => {} : viewerPlaces.take(`${viewer.kind}:${viewer.id}`)
      if (!leave) return void connection.close(closeCodes.tooManyConnections, 'Too many connections')
      const close = connection.close
      const client = createClient({ credential, viewer, viewers, now: () => clock.now().getTime(), close })
      atClose(connection, () => {
        leave()
        clients.delete(connection)
        client.gone()
      })
      clients.set(connection, client)
      return client
    } catch (error) {
      const isOutage = ['SERVICE_UNAVAILABLE', 'RATE_LIMITED'].includes(codeOf(error) ?? '')
      connection.close(
        isOutage ? closeCodes.tryAgainLater : closeCodes.forbidden,
        isOutage ? 'Try again later' : 'Forbidden',
      )
      return undefined
    }
  }

  function atClose(connection: Connection, work: () => void) {
    if (connection.isOpen()) leaving.get(connection)?.push(work)
    else work()
  }

  const protocol = speakProtocol({ ...options, welcome })

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (isDraining) return refuseSocket(socket, goingAway)
    if (!comesFromAllowedPage(request, origins)) return refuseSocket(socket, otherOrigin)
    return authentication.admitAddress(request).then(
      () => accept(request, socket, head),
      () => refuseSocket(socket, tooManyRequests),
    )
  }

  function accept(request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (socket.destroyed) return
    const sender = authentication.senderOf(request)
    const leave = addresses.take(addressKey(sender.clientAddress))
    if (!leave) return refuseSocket(socket, tooManySockets)
    socket.once('close', leave)
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      metrics.sockets.inc()
      const wire = { socket: webSocket, stream: socket, sender }
      const connection = connect(wire, protocol.server)
      const works: (() => void)[] = [() => metrics.sockets.dec(), heartbeat.watch(webSocket)]
      leaving.set(connection, works)
      // ws has closed the socket by itself where there is an error: a frame too large, a text that is no UTF-8
      webSocket.on('error', () => {})
      webSocket.once('close', () => {
        for (const work of works) work()
      })
    })
  }
  sockets.on('wsClientError', (_, socket) => refuseSocket(socket, badUpgrade))
  acceptUpgrades(server, '/graphql', upgrade)

  const forget = viewers.onInvalidated((isAbout) => {
    for (const client of clients.values()) void client.recheck(isAbout)
  })

  return {
    async drain() {
      isDraining = true
      await protocol.drain()
      forget()
      for (const socket of sockets.clients) socket.close(closeCodes.goingAway, 'Going away')
      for (let waited = 0; sockets.clients.size > 0 && waited < patience; waited += 20) await wait(20)
      for (const socket of sockets.clients) socket.terminate()
      heartbeat.stop()
    },
  }
}

const goingAway = { status: 503, code: 'SERVICE_UNAVAILABLE', message: 'The gateway is shutting down: connect again.' }
const otherOrigin = { status: 403, code: 'FORBIDDEN', message: 'Pages of this origin may not connect.' }
const rateLimited = { status: 429, code: 'RATE_LIMITED', headers: { 'Retry-After': String(retryAfterSeconds) } }
const tooManyRequests = { ...rateLimited, message: 'Too many requests from this address.' }
const tooManySockets = { ...rateLimited, message: 'Too many sockets are open from this address.' }
