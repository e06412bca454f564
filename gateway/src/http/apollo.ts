// Apollo Server, as the HTTP face of the graph: content types, CSRF, GET and POST; the work itself is answer.ts.
import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { Log } from '@switchyard/runtime/log'
import { answer, type Graph } from '../answer.ts'
import type { Mask } from '../masking.ts'
import { type Observe, observationPlugin } from '../observation.ts'
import type { RequestContext } from '../request.ts'
import { requestId } from './request-id.ts'
import { headersOf, pinnedStatus, statusOf } from './status.ts'

type Options = { graph: Graph; mask: Mask; log: Log; observe: Observe }
type Gateway = NonNullable<ConstructorParameters<typeof ApolloServer<BaseContext>>[0]['gateway']>

export async function startApollo({ graph, mask, log, observe }: Options): Promise<ApolloServer<RequestContext>> {
  const server = new ApolloServer<RequestContext>({
    gateway: gatewayOf(graph),
    documentStore: graph.plans.documentStore,
    parseOptions: { maxTokens: graph.limits.tokens },
    // answer.ts validates, after it has measured: a large document must not reach the costly rules
    dangerouslyDisableValidation: true,
    formatError: (_formatted, error) => mask(error, requestId()),
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      statusPlugin,
      observationPlugin(observe),
    ],
  })
  await server.start()
  return server
}

/** The graph in the form in which Apollo Server takes a gateway; there is nothing to poll and nothing to stop. */
const gatewayOf = (graph: Graph): Gateway => ({
  onSchemaLoadOrUpdate(tell) {
    tell({ apiSchema: graph.supergraph.apiSchema, coreSupergraphSdl: graph.supergraph.sdl })
    return () => {}
  },
  load: async () => ({
    executor: async ({ document, request, context }) => {
      const operation = { document, operationName: request.operationName, variables: request.variables ?? {} }
      const result = await answer(graph, operation, context as RequestContext)
      if (result.data === undefined) refused.set(context as RequestContext, pinnedStatus(result.errors?.[0]))
      return result as Awaited<ReturnType<Awaited<ReturnType<Gateway['load']>>['executor'] & object>>
    },
  }),
  stop: async () => {},
})

/** Requests that were refused whole, with the status that the refusal insists on: Apollo Server makes them all 400. */
const refused = new WeakMap<RequestContext, number | undefined>()

const statusPlugin: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, contextValue, response: { body, http } }) {
        if (body.kind !== 'single') return
        const { errors } = body.singleResult
        const data = body.singleResult.data as Record<string, unknown> | null | undefined
        const insisted = refused.has(contextValue) ? refused.get(contextValue) : http.status
        http.status = insisted ?? statusOf({ data, errors }, request.http?.headers.get('accept'))
        for (const [name, value] of Object.entries(headersOf(http.status, errors))) {
          http.headers.set(name.toLowerCase(), value)
        }
      },
    }
  },
}
