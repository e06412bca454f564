// Apollo's own executor of query plans, run on the same sources as ours: what it makes of them is what we must make.
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import { type ExecutionResult, type GraphQLSchema, isObjectType } from 'graphql'
import type { executePlan } from '../execution/execute.ts'
import type { RequestContext } from '../request.ts'
import type { Source } from '../sources/source.ts'
import { withPlainConditions } from './plain-conditions.ts'

export const oracle: typeof executePlan = async ({ supergraph, sources }, plan, { document, variables }, context) => {
  const { apiSchema: schema } = supergraph
  const asked = Object.entries(sources).map(([name, source]) => [name, dataSource(source, context, supergraph.schema)])
  const { data, errors } = await executeQueryPlan(
    plan,
    Object.fromEntries(asked),
    // the executor reads no more than this of what Apollo Server would hand it
    { request: { variables }, context, metrics: {} } as unknown as Parameters<typeof executeQueryPlan>[2],
    buildOperationContext({ schema, operationDocument: withPlainConditions(schema, document) }),
    supergraph.schema,
    supergraph.api,
  )
  return { ...(data !== undefined && { data }), ...(errors && { errors }) } as ExecutionResult
}

type Response = Awaited<ReturnType<GraphQLDataSource['process']>>

const dataSource = (source: Source, context: RequestContext, schema: GraphQLSchema): GraphQLDataSource => ({
  async process({ request: { query = '', variables = {} } }) {
    const result = await source({ query, variables, isMutation: query.startsWith('mutation'), context })
    forgetInterfaces(result, schema)
    return result as Response
  },
})

/** An interface object says that it is its interface; Apollo's executor would forget of what kind it is known to be. */
function forgetInterfaces({ data }: ExecutionResult, schema: GraphQLSchema): void {
  const entities: unknown = data?._entities
  for (const entity of Array.isArray(entities) ? entities : []) {
    const name = entity?.__typename
    if (typeof name === 'string' && !isObjectType(schema.getType(name))) delete entity.__typename
  }
}
