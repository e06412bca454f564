// What whoever runs a process asks it: /health (alive), /ready (able to serve), /metrics (for those inside only).
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHttpServer, notFound, refuseRequest } from '../http/server.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { internalAddresses } from './internal-addresses.ts'
import { listenAt } from './listen.ts'
import { type Check, sendReadiness } from './readiness.ts'

export type ProbeOptions = {
  readonly metrics: Metrics
  readonly ready: Check
  /** Whose sockets may read /metrics. */
  readonly internalCidrs: readonly string[]
}

/** Answers a probe; false for any other request. */
export function probes({ metrics, ready, internalCidrs }: ProbeOptions) {
  const isInternal = internalAddresses(internalCidrs)
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const [path] = request.url?.split('?') ?? []
    if (path === '/health') response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}')
    else if (path === '/ready') sendReadiness(response, await ready())
    else if (path === '/metrics' && isInternal(request.socket.remoteAddress)) {
      const text = await metrics.registry.metrics()
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text)
    } else return false
    return true
  }
}

/** A server of probes alone, for a process that has no other door. */
export async function serveProbes(options: ProbeOptions & { port: number; host: string; log: Log }) {
  const answer = probes(options)
  const server = createHttpServer({ log: options.log }, async (request, response) => {
    if (!(await answer(request, response).catch(() => false))) refuseRequest(response, notFound)
  })
  return {
    port: await listenAt(server, options),
    drain: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
