// The listening socket: how long a client may take, and how it is closed without failing anybody.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Express } from 'express'

const timeouts = {
  requestTimeout: 30_000,
  headersTimeout: 20_000,
  // longer than a load balancer keeps an idle connection, so that it never sends into one that is closing
  keepAliveTimeout: 65_000,
}

const goodbye = 200
const patience = 10_000

export async function listen(app: Express, host: string, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer({ ...timeouts, connectionsCheckingInterval: 5000 }, app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** Lets every request in flight finish; kept connections are told to close with the answer they wait for. */
export async function closeGently(server: Server): Promise<void> {
  if (await hasConnections(server)) await wait(goodbye)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

const hasConnections = (server: Server) =>
  new Promise<boolean>((resolve) => server.getConnections((error, count) => resolve(!error && count > 0)))
