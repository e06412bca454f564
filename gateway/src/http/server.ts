// The listening socket: how long a client may take, and how it is closed without failing anybody.
import type { RequestListener, Server } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { createHttpServer } from '@switchyard/runtime/http/server'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import { listenAt } from '@switchyard/runtime/process/listen'
import { cutSlowReaders, defaultReadingLimits, type ReadingLimits } from './slow-readers.ts'

const timeouts = {
  requestTimeout: 30_000,
  headersTimeout: 20_000,
  // longer than a load balancer keeps an idle connection, so that it never sends into one that is closing
  keepAliveTimeout: 65_000,
}

export type Listening = { readonly server: Server; readonly port: number; close(): Promise<void> }

type ListenOptions = {
  readonly host: string
  readonly port: number
  readonly log: Log
  readonly metrics: Metrics
  readonly reading?: ReadingLimits
}

export async function listen(
  app: RequestListener,
  { host, port, log, metrics, reading = defaultReadingLimits }: ListenOptions,
): Promise<Listening> {
  const server = createHttpServer({ ...timeouts, connectionsCheckingInterval: 5000, log }, app)
  const connections = watchConnections(server)
  cutSlowReaders(
    server,
    { sockets: () => connections.keys(), isAnswering: (socket) => (connections.get(socket)?.answering ?? 0) > 0 },
    { ...reading, onCut: () => metrics.clientsCut.inc() },
  )
  return {
    server,
    port: await listenAt(server, { host, port }),
    close: () => closeGently(server, connections),
  }
}

/** How long probes still see the gateway say that it is going, before it is no longer there. */
const goodbye = 200
const glance = 25
/** A connection on which so many glances see nothing has no request on its way, as far as one can know. */
const silentGlances = 10
const patience = 10_000

type Connections = ReadonlyMap<Socket, { answering: number; silence: number }>

function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, { answering: number; silence: number }>()
  server.on('connection', (socket) => {
    connections.set(socket, { answering: 0, silence: 0 })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', ({ socket }) => connections.delete(socket))
  server.prependListener('request', ({ socket }, response) => {
    const state = connections.get(socket)
    if (!state) return
    // not sooner: clients would connect anew, and be cut off where they wait to be accepted
    if (!server.listening) response.setHeader('Connection', 'close')
    state.answering++
    state.silence = 0
    response.once('close', () => {
      state.answering--
    })
  })
  return connections
}

/** Lets every request in flight finish; Node's own close would cut connections whose request is just arriving. */
async function closeGently(server: Server, connections: Connections): Promise<void> {
  if (connections.size > 0) await wait(goodbye)
  await calm()
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const since = performance.now()
  while (connections.size > 0) {
    await wait(glance)
    // after a busy moment, what has arrived meanwhile is read first
    await turn()
    const isLate = performance.now() - since > patience
    for (const [socket, state] of connections) {
      if (state.answering === 0) state.silence++
      if (isLate || state.silence > silentGlances) socket.destroy()
    }
  }
  await closed
}

/** Waits for a turn of the event loop so short that hardly anybody can have come to wait for being accepted. */
async function calm(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) {
    const since = performance.now()
    await turn()
    if (performance.now() - since < 1) return
  }
}
