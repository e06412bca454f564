// A query plan, made ready to be run: what can be worked out before there is data is worked out once.
import type { FetchNode, PlanNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { type Path, pathOf } from './path.ts'
import { type Requires, requiresOf } from './requires.ts'
import { type Rewrite, rewritesOf } from './rewrites.ts'

export type Step =
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] }
  | { readonly kind: 'flatten'; readonly path: Path; readonly step: Step }
  | { readonly kind: 'condition'; readonly variable: string; readonly met: Step; readonly unmet: Step }
  | FetchStep

export type FetchStep = {
  readonly kind: 'fetch'
  readonly source: string
  readonly query: string
  readonly isMutation: boolean
  readonly variables: readonly string[]
  /** What each entity is asked for by; undefined for a fetch of root fields. */
  readonly requires: Requires | undefined
  readonly inputs: readonly Rewrite[]
  readonly outputs: readonly Rewrite[]
  readonly schema: GraphQLSchema
}

const nothing: Step = { kind: 'sequence', steps: [] }

/** By their nodes, which belong to one supergraph: whoever puts a node into another plan finds it ready. */
const ready = new WeakMap<PlanNode, Step>()

/** `schema` is the supergraph's, which knows the types that clients do not. */
export function stepOf(node: PlanNode | undefined, schema: GraphQLSchema): Step {
  if (!node) return nothing
  const known = ready.get(node)
  if (known) return known
  const step = compiled(node, schema)
  ready.set(node, step)
  return step
}

function compiled(node: PlanNode, schema: GraphQLSchema): Step {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map((each) => stepOf(each, schema)) }
    case 'Parallel':
      return { kind: 'parallel', steps: node.nodes.map((each) => stepOf(each, schema)) }
    case 'Flatten':
      return { kind: 'flatten', path: pathOf(node.path), step: stepOf(node.node, schema) }
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        met: stepOf(node.ifClause, schema),
        unmet: stepOf(node.elseClause, schema),
      }
    case 'Fetch':
      return fetchStep(node, schema)
    case 'Defer':
      throw new Error('A plan with @defer cannot be run.')
  }
}

const fetchStep = (node: FetchNode, schema: GraphQLSchema): FetchStep => ({
  kind: 'fetch',
  source: node.serviceName,
  query: node.operation,
  isMutation: node.operationKind === 'mutation',
  variables: node.variableUsages ?? [],
  requires: node.requires && requiresOf(schema, node.requires),
  inputs: rewritesOf(schema, node.inputRewrites),
  outputs: rewritesOf(schema, node.outputRewrites),
  schema,
})
