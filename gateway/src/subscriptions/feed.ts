// One subscription at a subgraph, each of its events completed with what other subgraphs have to add.
import { unavailable } from '@switchyard/runtime/errors'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import type { ExecutionResult } from 'graphql'
import { executed, type Graph, type Operation } from '../answer.ts'
import type { RequestContext } from '../request.ts'
import { withDeadline } from '../sources/deadline.ts'
import { outage } from '../sources/outage.ts'
import { isSound } from '../sources/sound-result.ts'
import type { Source } from '../sources/source.ts'
import type { SubscriptionPlan } from './plan.ts'

export type Feed = { next(): Promise<ExecutionResult | undefined>; close(): void }

export type FeedOptions = {
  readonly graph: Graph
  readonly executors: ReadonlyMap<string, SubgraphExecutor>
  readonly timeout: number
}

/** The name under which a plan fetches the event that has just arrived; no subgraph can have it. */
const arrived = ' event'

/** Opens the subscription; a refusal comes as a result. */
export async function openFeed(
  { graph, executors, timeout }: FeedOptions,
  plan: SubscriptionPlan,
  operation: Operation,
  { viewer, requestId }: RequestContext,
): Promise<Feed | ExecutionResult> {
  const executor = executors.get(plan.primary.serviceName)
  if (!executor) return { errors: [unavailable()] }
  const opening = executor.subscribe({
    query: plan.primary.operation,
    variables: picked(operation.variables, plan.primary.variableUsages),
    viewer,
    requestId,
  })
  const source = await withDeadline(timeout, undefined, () => opening).catch(() => {
    // it may still open, and nobody would be there to close it
    opening.then((late) => close(late)).catch(() => {})
    return { errors: outage(plan.primary.operation) }
  })
  // a context of its own for each event, and none that ends with the client who happened to be first
  const complete = (event: ExecutionResult) => completed(graph, plan, operation, { viewer, requestId }, event)
  if (!(Symbol.asyncIterator in source)) return complete(source)
  return {
    async next() {
      const { done, value } = await source.next()
      return done ? undefined : complete(isSound(value, {}) ? value : { errors: outage(plan.primary.operation) })
    },
    close: () => close(source),
  }
}

function close(source: AsyncIterableIterator<ExecutionResult> | ExecutionResult): void {
  if (Symbol.asyncIterator in source) source.return?.().catch(() => {})
}

/** Runs the plan as if its first fetch were made now and answered with the event. */
function completed(
  { supergraph, sources }: Graph,
  { primary, rest }: SubscriptionPlan,
  operation: Operation,
  context: RequestContext,
  event: ExecutionResult,
): Promise<ExecutionResult> {
  // the executor merges into what it is given
  const answers: Source = async () => ({ ...event, ...(event.data && { data: structuredClone(event.data) }) })
  const first = { ...primary, serviceName: arrived }
  return executed(
    { supergraph, sources: { ...sources, [arrived]: answers } },
    { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: rest ? [first, rest] : [first] } },
    operation,
    context,
  )
}

function picked(variables: Operation['variables'], names: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  )
}
