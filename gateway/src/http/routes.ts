// Hands plain HTTP below a subgraph's prefix on to it, with the viewer of whoever asks.
import { promisify } from 'node:util'
import { unavailable } from '@switchyard/runtime/errors'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { clientInfo } from '@switchyard/runtime/viewer/client-info'
import express, { type Request as Asked, type RequestHandler, Router } from 'express'
import type { Authentication } from '../viewer/authentication.ts'
import { requestId } from './request-id.ts'

/** What is asked below the prefix is the subgraph's to answer. */
export type Routed = { readonly prefix: string; readonly subgraph: string }

type Forwarding = {
  readonly subgraphs: readonly SubgraphExecutor[]
  readonly authentication: Authentication
}

export function forwards(routes: readonly Routed[], { subgraphs, authentication }: Forwarding): RequestHandler {
  const router = Router()
  for (const { prefix, subgraph } of routes) {
    const executor = subgraphs.find(({ name }) => name === subgraph)
    const bodyOf = express.raw({ type: () => true, limit: '256kb' })
    router.use(prefix, async (asked, response) => {
      const { viewer, address } = await authentication.admit(asked, response)
      const client = clientInfo(address, asked.headers['user-agent'])
      await promisify(bodyOf)(asked, response)
      if (!executor?.visit) throw unavailable()
      const answer = await executor.visit({ request: webRequest(asked), viewer, client, requestId: requestId() })
      response.status(answer.status).setHeaders(answer.headers)
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
  }
  return router
}

/** The request without its credentials: the viewer goes with it, and a cookie is none of a subgraph's business. */
function webRequest({ method, originalUrl, headers, body }: Asked): Request {
  const kept = ['accept', 'content-type'].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
  const hasBody = method !== 'GET' && method !== 'HEAD' && Buffer.isBuffer(body)
  return new Request(`http://gateway.internal${originalUrl}`, {
    method,
    headers: kept,
    ...(hasBody && { body: new Uint8Array(body) }),
  })
}
