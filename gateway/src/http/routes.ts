// Hands plain HTTP below a subgraph's prefix on to it, with the viewer of whoever asks.
import { promisify } from 'node:util'
import { unavailable } from '@switchyard/runtime/errors'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { clientInfo } from '@switchyard/runtime/viewer/client-info'
import express, { type Request as Asked, type RequestHandler, Router } from 'express'
import { clientKey } from '../limits/client-key.ts'
import type { Authentication } from '../viewer/authentication.ts'
import { requestId } from './request-id.ts'
import type { ResponseWriter } from './response-writer.ts'

/** What is asked below the prefix is the subgraph's to answer. */
export type Routed = { readonly prefix: string; readonly subgraph: string }

type Forwarding = {
  readonly subgraphs: readonly SubgraphExecutor[]
  readonly authentication: Authentication
  readonly writer: ResponseWriter
}

export function forwards(routes: readonly Routed[], { subgraphs, authentication, writer }: Forwarding): RequestHandler {
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
      const body = Buffer.from(await answer.arrayBuffer())
      const { status, headers } = answer
      writer.write(response, { status, headers: Object.fromEntries(headers), body }, clientKey(viewer, address))
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
