// What machines ask of the gateway: is it alive, can it serve, how is it doing?
import type { Metrics } from '@switchyard/runtime/metrics'
import { type Check, sendReadiness } from '@switchyard/runtime/process/readiness'
import { Router } from 'express'
import { refuseOtherMethods, refuseUnknownPaths } from './refuse.ts'

export type ProbeOptions = {
  readonly metrics: Metrics
  readonly ready: Check
  readonly isInternal: (address: string | undefined) => boolean
  readonly isDraining: () => boolean
}

export function probes({ metrics, ready, isInternal, isDraining }: ProbeOptions): Router {
  const router = Router()
  router.use(['/health', '/ready', '/metrics'], refuseOtherMethods('GET', 'HEAD'))

  router.get('/health', (_, response) => void response.json({ status: 'ok' }))

  router.get('/ready', async (_, response) => {
    sendReadiness(response, isDraining() ? { status: 'draining', dependencies: {} } : await ready())
  })

  router.get('/metrics', async (request, response, next) => {
    if (!isInternal(request.socket.remoteAddress)) return refuseUnknownPaths(request, response, next)
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  return router
}
