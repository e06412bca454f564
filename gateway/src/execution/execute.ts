// Runs a query plan: fetches as early as it allows, merges what comes, and shapes the response as the operation asks.
import type { QueryPlan } from '@apollo/query-planner'
import type { Limits } from '@switchyard/runtime/limits'
import type { ExecutionResult } from 'graphql'
import type { Graph, Operation } from '../answer.ts'
import type { RequestContext } from '../request.ts'
import { unlessAborted } from './abort.ts'
import { conditionsFor } from './conditions.ts'
import { thrown, withResponsePath } from './errors.ts'
import { introspected } from './introspection.ts'
import { namesOf } from './names.ts'
import { preparedOperation } from './operation.ts'
import { stepOf } from './plan.ts'
import { responseOf } from './response.ts'
import type { Run } from './run.ts'
import { take } from './steps.ts'

type Executable = Pick<Graph, 'supergraph' | 'sources'> & { readonly limits: Pick<Limits, 'responseBytes'> }

/** `sources` may have more than the graph's own. Ends with one error as soon as the context is aborted. */
export async function executePlan(
  { supergraph, sources, limits }: Executable,
  { node }: QueryPlan,
  { document, operationName, variables }: Operation,
  context: RequestContext,
): Promise<ExecutionResult> {
  if (node?.kind === 'Subscription') throw new Error('A subscription is followed; it is its events that are executed.')
  const { apiSchema: schema, schema: supergraphSchema } = supergraph
  try {
    const names = namesOf(supergraphSchema, document)
    const { node: operation, response } = preparedOperation(schema, names, operationName)
    const isMet = conditionsFor(operation, variables)
    const shape = response(isMet)
    const run: Run = {
      sources,
      variables: names.variables(variables),
      context,
      isMet: (variable) => isMet(names.variableName(variable)),
      data: {},
      errors: [],
    }
    const taken = take(stepOf(node, supergraphSchema), { trees: [run.data], path: [] }, run)
    await unlessAborted(taken, context.signal)
    const { data, misshapen, unfit } = responseOf(run.data, shape, {
      schema,
      introspected: (name, nodes) => introspected({ schema, document, operation, variables }, name, nodes),
      maxBytes: limits.responseBytes,
    })
    const errors = [...run.errors.map((error) => withResponsePath(error, names)), ...misshapen]
    if (errors.length > 0) return { errors, data }
    return unfit.length > 0 ? { data, extensions: { valueCompletion: unfit } } : { data }
  } catch (error) {
    return { errors: [thrown(error)] }
  }
}
