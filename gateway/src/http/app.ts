// Every path of the door and what stands in front of it, in order.
import type { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import type { Log } from '@switchyard/runtime/log'
import express, { type Express, type RequestHandler } from 'express'
import type { Mask } from '../masking.ts'
import type { RequestContext } from '../request.ts'
import { contextOf, type Door, identifyAsker } from './asking.ts'
import { cors } from './cors.ts'
import { graphiql } from './graphiql.ts'
import { type ProbeOptions, probes } from './probes.ts'
import { refuseErrors, refuseOtherMethods, refuseUnknownPaths } from './refuse.ts'
import { identifyRequest } from './request-id.ts'

export type AppOptions = {
  readonly apollo: ApolloServer<RequestContext>
  readonly door: Door
  readonly mask: Mask
  readonly log: Log
  readonly probing: ProbeOptions
  /** What subgraphs serve beside GraphQL. */
  readonly routes: RequestHandler
  readonly corsAllowedOrigins: readonly string[]
  readonly showsGraphiql: boolean
  readonly largestBody: number
}

export function createApp({
  apollo,
  door,
  mask,
  log,
  probing,
  routes,
  corsAllowedOrigins,
  showsGraphiql,
  largestBody,
}: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(identifyRequest, (_, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
    next()
  })
  app.use(probes(probing))
  if (showsGraphiql) app.use(graphiql())
  app.all(
    '/graphql',
    cors(corsAllowedOrigins),
    refuseOtherMethods('GET', 'POST'),
    express.json({ limit: largestBody }),
    // Apollo Server tells a request without a body what is wrong with it, but insists on the property
    (request, _, next) => {
      request.body ??= undefined
      next()
    },
    identifyAsker(door),
    expressMiddleware(apollo, { context: async ({ req }) => contextOf(req) }),
  )
  app.use(routes)
  app.use(refuseUnknownPaths)
  app.use(refuseErrors(mask, log))
  return app
}
