// The composed graph, loaded once: what clients see, what the planner knows, and the names of the subgraphs.
import { Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import { ConfigError } from '@switchyard/runtime/config'
import { scalars } from '@switchyard/runtime/scalars'
import { type GraphQLSchema, isScalarType } from 'graphql'

/** Beyond these the planner takes the best plan that it has found: Apollo's 10,000 may take seconds. */
const maxEvaluatedPlans = 1000

export type LoadedSupergraph = ReturnType<typeof loadSupergraph>

/** A graph of ours. */
export function loadSupergraph(sdl: string) {
  // compose.ts has validated it; doing so again costs start time only
  const loaded = built(sdl, false)
  return { ...loaded, apiSchema: withScalars(loaded.apiSchema) }
}

/** Anybody's graph: its scalars mean what its subgraphs say, whatever they are called. */
export function loadForeignSupergraph(sdl: string): LoadedSupergraph {
  try {
    return built(sdl, true)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const [sentence = ''] = error.message.split('\n')
    throw new ConfigError(`SUPERGRAPH: the file is not a supergraph: ${sentence}`)
  }
}

function built(sdl: string, validateSupergraph: boolean) {
  const supergraph = Supergraph.build(sdl, { validateSupergraph })
  const api = supergraph.apiSchema()
  return {
    sdl,
    api,
    apiSchema: api.toGraphQLJSSchema(),
    schema: supergraph.schema.toGraphQLJSSchema(),
    planner: new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans } }),
    /** The names of the subgraphs, and their addresses as the SDL has them. */
    subgraphs: supergraph.subgraphsMetadata(),
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
