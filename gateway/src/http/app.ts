// Every path of the door and what stands in front of it, in order.
import type { RequestListener } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import type { Log } from '@switchyard/runtime/log'
import express, { type RequestHandler } from 'express'
import type { Mask } from '../masking.ts'
import type { RequestContext } from '../request.ts'
import type { Door } from './asking.ts'
import { cors } from './cors.ts'
import { graphiql } from './graphiql.ts'
import { graphqlHandler } from './graphql.ts'
import { type ProbeOptions, probes } from './probes.ts'
import { createRefuse, refuseErrors, refuseOtherMethods, refuseUnknownPaths } from './refuse.ts'
import { identified } from './request-id.ts'
import type { ResponseWriter } from './response-writer.ts'

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
  readonly writer: ResponseWriter
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
  writer,
}: AppOptions): RequestListener {
  const refuse = createRefuse(mask, log)
  const graphql = graphqlHandler({ apollo, door, largestBody, refuse, writer })
  const { admit, preflight, admitToRoutes } = cors(corsAllowedOrigins)

  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(probes(probing))
  // before GraphiQL: a router answers OPTIONS itself for every path that it has a GET for
  app.options('/graphql', preflight)
  if (showsGraphiql) app.use(graphiql(door.authentication.admitAddress))
  app.all('/graphql', refuseOtherMethods('GET', 'POST'), (request, response) => {
    admit(request, response)
    graphql(request, response)
  })
  app.use(admitToRoutes, routes)
  app.use(refuseUnknownPaths)
  app.use(refuseErrors(refuse))

  return (request, response) =>
    identified(request, response, () => {
      response.setHeader('X-Content-Type-Options', 'nosniff').setHeader('Cache-Control', 'no-store')
      // what is asked most often need not look for its way
      if (request.method !== 'POST' || request.url !== '/graphql') return app(request, response)
      admit(request, response)
      graphql(request, response)
    })
}
