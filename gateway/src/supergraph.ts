// The composed graph, loaded once: what clients see, what the planner knows, and the names of the subgraphs.
import { Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import { scalars } from '@switchyard/runtime/scalars'
import { type GraphQLSchema, isScalarType } from 'graphql'

export type LoadedSupergraph = ReturnType<typeof loadSupergraph>

export function loadSupergraph(sdl: string) {
  // compose.ts has validated it; doing so again costs start time only
  const supergraph = Supergraph.build(sdl, { validateSupergraph: false })
  const api = supergraph.apiSchema()
  return {
    sdl,
    api,
    apiSchema: withScalars(api.toGraphQLJSSchema()),
    schema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph),
  }
}

/** A scalar read from SDL accepts anything; given its implementation, a bad value is refused here and not in a subgraph. */
function withScalars(schema: GraphQLSchema): GraphQLSchema {
  for (const [name, implementation] of Object.entries<(typeof scalars)[keyof typeof scalars]>(scalars)) {
    const type = schema.getType(name)
    if (!isScalarType(type)) continue
    type.serialize = implementation.serialize
    type.parseValue = implementation.parseValue
    type.parseLiteral = implementation.parseLiteral
  }
  return schema
}
