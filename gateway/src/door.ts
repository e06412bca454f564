// The public door to a graph, put together: who asks, what may be asked, and the ways in.
import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import { internalAddresses } from '@switchyard/runtime/process/internal-addresses'
import type { Check } from '@switchyard/runtime/process/readiness'
import { openRateLimiter } from '@switchyard/runtime/rate-limit/rate-limiter'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import type { Graph } from './answer.ts'
import { showCaches } from './cache-metrics.ts'
import { startApollo } from './http/apollo.ts'
import { createApp } from './http/app.ts'
import { clientAddressReader } from './http/client-address.ts'
import { gatewayReadiness } from './http/readiness.ts'
import { createResponseWriter } from './http/response-writer.ts'
import { forwards, type Routed } from './http/routes.ts'
import { listen } from './http/server.ts'
import { createPlanningQueue } from './limits/planning-queue.ts'
import { createRequestLimits } from './limits/request-limits.ts'
import { createMask } from './masking.ts'
import { createObserve } from './observation.ts'
import type { OperationManifest } from './operations/manifest.ts'
import { createSafelist } from './operations/safelist.ts'
import { warmUp } from './operations/warm-up.ts'
import { createPlans } from './plans.ts'
import { subgraphSource } from './sources/subgraph-source.ts'
import { timeLeft } from './sources/time-left.ts'
import { serveSockets } from './subscriptions/server.ts'
import type { LoadedSupergraph } from './supergraph.ts'
import { createAuthentication } from './viewer/authentication.ts'
import type { credentialReader } from './viewer/credentials.ts'
import type { Viewers } from './viewer/viewers.ts'

export type Surroundings = {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  /** Where to listen instead of the configured port; 0 for any. */
  readonly port?: number
}

export type DoorOptions = Surroundings & {
  readonly supergraph: LoadedSupergraph
  readonly subgraphs: readonly SubgraphExecutor[]
  readonly credentials: ReturnType<typeof credentialReader>
  readonly viewers: Viewers
  /** Which headers of a client its subgraphs are handed; none without it. */
  readonly forwarded?: (headers: IncomingHttpHeaders) => Readonly<Record<string, string>>
  readonly operations: OperationManifest
  readonly routes: readonly Routed[]
  readonly ready?: Check | undefined
}

export type RunningGateway = { readonly url: string; readonly port: number; drain(): Promise<void> }

export async function openDoor(options: DoorOptions): Promise<RunningGateway> {
  const { config, log, metrics, clock, supergraph, subgraphs, credentials, viewers, operations, ready } = options
  const plans = createPlans(supergraph, config.limits)
  showCaches(metrics.registry, plans.caches)
  const fetching = {
    timeout: config.subgraphTimeout,
    timeLeft: timeLeft(config.operationTimeout),
    metrics,
    log,
    now: () => clock.now().getTime(),
  }
  const sources = Object.fromEntries(subgraphs.map((each) => [each.name, subgraphSource(each, fetching)]))
  const planning = createPlanningQueue(await openRateLimiter({ redisUrl: undefined, log }), config.limits)
  const graph: Graph = { supergraph, plans, planning, sources, limits: config.limits, openSchema: config.graphiql }
  const mask = createMask(log)
  const safelist = createSafelist(operations)
  const observe = createObserve({ metrics, log, safelist })
  const draining = new AbortController()
  const rateLimiter = await openRateLimiter({ redisUrl: config.redisUrl, log })
  const limits = createRequestLimits(rateLimiter, config.rateLimits)
  const clientAddress = clientAddressReader(config.trustedProxies)
  const authentication = createAuthentication({ credentials, viewers, limits, clientAddress })

  const writer = createResponseWriter(config.limits.responseBytes)

  const apollo = await startApollo({ graph, mask, log, observe })
  const app = createApp({
    apollo,
    door: { authentication, safelist, plans, planning, forwarded: options.forwarded },
    mask,
    log,
    routes: forwards(options.routes, { subgraphs, authentication, writer }),
    probing: {
      metrics,
      ready: gatewayReadiness(subgraphs, ready, log),
      isInternal: internalAddresses(config.internalCidrs),
      isDraining: () => draining.signal.aborted,
    },
    corsAllowedOrigins: config.corsAllowedOrigins,
    showsGraphiql: config.graphiql,
    largestBody: config.limits.bodyBytes,
    writer,
  })
  const { server, port, close } = await listen(app, {
    host: config.host,
    port: options.port ?? config.port ?? 4000,
    log,
    metrics,
  })
  const executors = new Map(subgraphs.map((each) => [each.name, each]))
  const feeds = { graph, executors, timeout: config.subgraphTimeout }
  const origins = config.corsAllowedOrigins
  const sockets = serveSockets(server, {
    feeds,
    safelist,
    mask,
    metrics,
    observe,
    log,
    viewers,
    authentication,
    limits,
    clock,
    origins,
    caps: config.sockets,
  })
  warmUp(plans, operations, log, draining.signal).catch((error) => log.warn({ err: error }, 'Warming up stopped.'))

  return {
    url: `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`,
    port,
    async drain() {
      draining.abort()
      await sockets.drain()
      await close()
      await viewers.close()
      await apollo.stop()
      rateLimiter.close()
    },
  }
}
