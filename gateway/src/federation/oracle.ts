// Apollo's own executor of query plans, run on the same sources as ours: what it makes of them is what we must make.
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import { type ExecutionResult, type GraphQLSchema, isObjectType } from 'graphql'
import { withResponsePath } from '../execution/errors.ts'
import type { executePlan } from '../execution/execute.ts'
import { type Names, namesOf } from '../execution/names.ts'
import type { RequestContext } from '../request.ts'
import type { Source } from '../sources/source.ts'
import { withPlainConditions } from './plain-conditions.ts'
import { truePlaces } from './true-places.ts'

export const oracle: typeof executePlan = async ({ supergraph, sources }, plan, operation, context) => {
  const { apiSchema: schema } = supergraph
  const names = namesOf(supergraph.schema, operation.document)
  const variables = names.variables(operation.variables)
  const places = truePlaces()
  const asked = Object.entries(sources).map(([name, source]) => [
    name,
    dataSource(source, context, supergraph.schema, places),
  ])
  const { data, errors } = await executeQueryPlan(
    plan,
    Object.fromEntries(asked),
    // the executor reads no more than this of what Apollo Server would hand it
    { request: { variables }, context, metrics: {} } as unknown as Parameters<typeof executeQueryPlan>[2],
    buildOperationContext({ schema, operationDocument: withPlainConditions(schema, names.planned) }),
    supergraph.schema,
    supergraph.api,
  )
  return {
    ...(data !== undefined && { data: withResponseNames(data, names) }),
    ...(errors && { errors: errors.map((error) => withResponsePath(error, names)) }),
  } as ExecutionResult
}

/** Every name of the plan replaced by the client's: it stands nowhere else, neither in the schema nor in the document. */
function withResponseNames(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((element) => withResponseNames(element, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [names.responseName(key), withResponseNames(each, names)]),
  )
}

type Response = Awaited<ReturnType<GraphQLDataSource['process']>>
type Places = ReturnType<typeof truePlaces>

const dataSource = (
  source: Source,
  context: RequestContext,
  schema: GraphQLSchema,
  places: Places,
): GraphQLDataSource => ({
  async process({ request: { query = '', variables = {} }, ...way }) {
    const path = 'pathInIncomingRequest' in way ? (way.pathInIncomingRequest ?? []) : []
    const { representations } = variables
    const numbers = Array.isArray(representations) ? places.entitiesOf(path, representations) : undefined
    const result = await source({ query, variables, isMutation: query.startsWith('mutation'), context })
    forgetInterfaces(result, schema)
    if (!numbers) places.arrived(result.data)
    return (numbers ? renumbered(result, numbers) : result) as Response
  },
})

/** It takes a representation's number for its entity's, which it is not when entities have been passed over. */
function renumbered({ errors, ...result }: ExecutionResult, numbers: readonly number[]): ExecutionResult {
  const told = errors?.map((error) => {
    const [field, number, ...rest] = error.path ?? []
    const entity = typeof number === 'number' ? numbers[number] : undefined
    return field === undefined || entity === undefined ? error : { ...error, path: [field, entity, ...rest] }
  })
  return { ...result, ...(told && { errors: told }) } as ExecutionResult
}

/** An interface object says that it is its interface; Apollo's executor would forget of what kind it is known to be. */
function forgetInterfaces({ data }: ExecutionResult, schema: GraphQLSchema): void {
  const entities: unknown = data?._entities
  for (const entity of Array.isArray(entities) ? entities : []) {
    const name = entity?.__typename
    if (typeof name === 'string' && !isObjectType(schema.getType(name))) delete entity.__typename
  }
}
