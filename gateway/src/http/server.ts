// The listening socket: how long a client may take, and how it is closed without failing anybody.
import { createServer, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setImmediate as arrivals, setTimeout as wait } from 'node:timers/promises'
import type { Express } from 'express'

const timeouts = {
  requestTimeout: 30_000,
  headersTimeout: 20_000,
  // longer than a load balancer keeps an idle connection, so that it never sends into one that is closing
  keepAliveTimeout: 65_000,
}

export type Listening = { readonly server: Server; readonly port: number; close(): Promise<void> }

export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = createServer({ ...timeouts, connectionsCheckingInterval: 5000 }, app)
  const connections = watchConnections(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    server,
    port: (server.address() as AddressInfo).port,
    close: () => closeGently(server, connections),
  }
}

/** How long probes still see the gateway say that it is going, before it is no longer there. */
const goodbye = 200
/** A connection that has been silent for so long has no request on its way, as far as one can know. */
const silence = 250
const patience = 10_000

type Connections = ReadonlyMap<Socket, { answering: number; since: number }>

function watchConnections(server: Server): Connections {
  const connections = new Map<Socket, { answering: number; since: number }>()
  server.on('connection', (socket) => {
    connections.set(socket, { answering: 0, since: performance.now() })
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', ({ socket }) => connections.delete(socket))
  server.prependListener('request', ({ socket }, response) => {
    const state = connections.get(socket)
    if (!state) return
    // not sooner: clients would connect anew, and be cut off where they wait to be accepted
    if (!server.listening) response.setHeader('Connection', 'close')
    state.answering++
    response.once('close', () => {
      state.answering--
      state.since = performance.now()
    })
  })
  return connections
}

/** Lets every request in flight finish; Node's own close would cut connections whose request is just arriving. */
async function closeGently(server: Server, connections: Connections): Promise<void> {
  if (connections.size > 0) await wait(goodbye)
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const since = performance.now()
  while (connections.size > 0) {
    await wait(25)
    // after a busy moment, what has arrived meanwhile is read first
    await arrivals()
    const now = performance.now()
    for (const [socket, state] of connections) {
      const isSilent = state.answering === 0 && now - state.since > silence
      if (isSilent || now - since > patience) socket.destroy()
    }
  }
  await closed
}
