// Answers one query or mutation, whichever door it came through: judged, priced, planned, fetched.
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import { failure } from '@switchyard/runtime/errors'
import type { Limits } from '@switchyard/runtime/limits'
import type { DocumentNode, ExecutionResult } from 'graphql'
import { type Admitted, admitted } from './admission.ts'
import type { Plans } from './plans.ts'
import type { RequestContext } from './request.ts'
import type { Fetch, Source, Sources } from './sources/source.ts'
import type { LoadedSupergraph } from './supergraph.ts'

export type Operation = {
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

export type Graph = {
  readonly supergraph: LoadedSupergraph
  readonly plans: Plans
  readonly sources: Sources
  readonly limits: Limits
  /** Whether everybody may ask for the schema; administrators always may. */
  readonly openSchema: boolean
}

/** Its errors are not masked yet: that is the door's last word. */
export async function answer(graph: Graph, operation: Operation, context: RequestContext): Promise<ExecutionResult> {
  const judgement = admitted(graph, operation, context)
  return 'errors' in judgement ? judgement : run(graph, judgement, operation, context)
}

/** What follows once an operation is admitted. */
export async function run(
  graph: Graph,
  { prepared, operation: { operation: type } }: Admitted,
  operation: Operation,
  context: RequestContext,
): Promise<ExecutionResult> {
  if (type === 'subscription') {
    return { errors: [failure('BAD_REQUEST', 'A subscription is opened over the WebSocket at this address.')] }
  }
  return executed(graph, prepared.plan(operation.operationName), operation, context)
}

type Executor = typeof executeQueryPlan
type ApolloContext = Parameters<Executor>[2]

/** Runs a plan with Apollo's executor; `sources` may have more than the graph's own. */
export async function executed(
  { supergraph, sources }: Pick<Graph, 'supergraph' | 'sources'>,
  plan: Parameters<Executor>[0],
  { document, operationName, variables }: Operation,
  context: RequestContext,
): Promise<ExecutionResult> {
  const named = operationName === undefined ? {} : { operationName }
  const { data, errors } = await executeQueryPlan(
    plan,
    Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, dataSource(source)])),
    // the executor reads no more than this of what Apollo Server would hand it
    { request: { variables, ...named }, context, metrics: {} } as unknown as ApolloContext,
    buildOperationContext({ schema: supergraph.apiSchema, operationDocument: document, ...named }),
    supergraph.schema,
    supergraph.api,
  )
  return { ...(data !== undefined && { data }), ...(errors && { errors }) } as ExecutionResult
}

/** A source as Apollo's executor calls one; its types are those of an older server, the values are the same. */
const dataSource = (source: Source): GraphQLDataSource => ({
  process: ({ request, context }) => {
    const { query = '', variables = {} } = request
    const { signal } = context as RequestContext
    const fetch = { query, variables, isMutation: query.startsWith('mutation'), context, signal } as Fetch
    return source(fetch) as ReturnType<GraphQLDataSource['process']>
  },
})
