// Apollo's own executor of query plans, run on the same sources as ours: what it makes of them is what we must make.
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import type { executed } from '../answer.ts'
import type { Source } from '../sources/source.ts'
import { withPlainConditions } from './plain-conditions.ts'

export const oracle: typeof executed = async ({ supergraph, sources }, plan, { document, variables }, context) => {
  const { apiSchema: schema } = supergraph
  const { data, errors } = await executeQueryPlan(
    plan,
    Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, dataSource(source, context)])),
    // the executor reads no more than this of what Apollo Server would hand it
    { request: { variables }, context, metrics: {} } as unknown as Parameters<typeof executeQueryPlan>[2],
    buildOperationContext({ schema, operationDocument: withPlainConditions(schema, document) }),
    supergraph.schema,
    supergraph.api,
  )
  return { ...(data !== undefined && { data }), ...(errors && { errors }) } as Awaited<ReturnType<typeof executed>>
}

const dataSource = (source: Source, context: Parameters<Source>[0]['context']): GraphQLDataSource => ({
  process: ({ request: { query = '', variables = {} } }) =>
    source({ query, variables, isMutation: query.startsWith('mutation'), context }) as ReturnType<
      GraphQLDataSource['process']
    >,
})
