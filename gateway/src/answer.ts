// Answers one query or mutation, whichever door it came through: judged, priced, planned, fetched.
import { failure } from '@switchyard/runtime/errors'
import type { Limits } from '@switchyard/runtime/limits'
import { type DocumentNode, type ExecutionResult, GraphQLError } from 'graphql'
import { type Admitted, admitted } from './admission.ts'
import { executePlan } from './execution/execute.ts'
import type { PlanningQueue } from './limits/planning-queue.ts'
import type { Plans } from './plans.ts'
import type { RequestContext } from './request.ts'
import type { Sources } from './sources/source.ts'
import type { LoadedSupergraph } from './supergraph.ts'

export type Operation = {
  readonly document: DocumentNode
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

export type Graph = {
  readonly supergraph: LoadedSupergraph
  readonly plans: Plans
  /** Does the work on documents that are not known yet. */
  readonly planning: PlanningQueue
  readonly sources: Sources
  readonly limits: Limits
  /** Whether everybody may ask for the schema; administrators always may. */
  readonly openSchema: boolean
}

/** Its errors are not masked yet: that is the door's last word. */
export async function answer(graph: Graph, operation: Operation, context: RequestContext): Promise<ExecutionResult> {
  const judgement = await admitted(graph, operation, context).catch(asRefusal)
  return 'errors' in judgement ? judgement : run(graph, judgement, operation, context)
}

/** A refusal that was thrown, as one that was returned: Apollo Server would make it a fault of ours. */
function asRefusal(error: unknown): { errors: readonly GraphQLError[] } {
  if (error instanceof GraphQLError) return { errors: [error] }
  throw error
}

/** What follows once an operation is admitted. */
export async function run(
  graph: Graph,
  { plan, operation: { operation: type } }: Admitted,
  operation: Operation,
  context: RequestContext,
): Promise<ExecutionResult> {
  if (type === 'subscription') {
    return { errors: [failure('BAD_REQUEST', 'A subscription is opened over the WebSocket at this address.')] }
  }
  return executePlan(graph, plan, operation, context)
}
