// What machines ask of the gateway: is it alive, can it serve, how is it doing?
import { randomUUID } from 'node:crypto'
import type { Metrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { Router } from 'express'
import { withDeadline } from '../sources/deadline.ts'
import { refuseOtherMethods, refuseUnknownPaths } from './refuse.ts'

export type State = 'ok' | string

export type ProbeOptions = {
  readonly metrics: Metrics
  readonly subgraphs: readonly SubgraphExecutor[]
  readonly isInternal: (address: string | undefined) => boolean
  readonly isDraining: () => boolean
  readonly ready?: (() => Promise<Record<string, State>>) | undefined
}

export function probes({ metrics, subgraphs, isInternal, isDraining, ready }: ProbeOptions): Router {
  const router = Router()
  router.use(['/health', '/ready', '/metrics'], refuseOtherMethods('GET', 'HEAD'))

  router.get('/health', (_, response) => void response.json({ status: 'ok' }))

  router.get('/ready', async (_, response) => {
    const [reached, further] = await Promise.all([pingAll(subgraphs), askFurther(ready)])
    const essential = Object.values({ identity: reached.identity ?? 'ok', ...further })
    const serves = !isDraining() && essential.every((state) => state === 'ok')
    const isWhole = Object.values(reached).every((state) => state === 'ok')
    const status = isDraining() ? 'draining' : serves ? (isWhole ? 'ok' : 'degraded') : 'unavailable'
    response.status(serves ? 200 : 503).json({ status, dependencies: { ...reached, ...further } })
  })

  router.get('/metrics', async (request, response, next) => {
    if (!isInternal(request.socket.remoteAddress)) return refuseUnknownPaths(request, response, next)
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  return router
}

async function pingAll(subgraphs: readonly SubgraphExecutor[]): Promise<Record<string, State>> {
  return Object.fromEntries(await Promise.all(subgraphs.map(async (each) => [each.name, await ping(each)] as const)))
}

async function ping(subgraph: SubgraphExecutor): Promise<State> {
  const query = { query: '{ __typename }', variables: {}, viewer: anonymous, requestId: randomUUID() }
  try {
    const { data } = await withDeadline(1000, undefined, (signal) => subgraph.execute({ ...query, signal }))
    return data ? 'ok' : 'unavailable'
  } catch {
    return 'unavailable'
  }
}

async function askFurther(ready: ProbeOptions['ready']): Promise<Record<string, State>> {
  if (!ready) return {}
  return withDeadline(2000, undefined, ready).catch(() => ({ dependencies: 'unavailable' }))
}
