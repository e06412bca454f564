// One subscription at a subgraph: its events, each with its cursor, to be completed with what other subgraphs know.
import { setTimeout as wait } from 'node:timers/promises'
import { codeOf, unavailable } from '@switchyard/runtime/errors'
import type { Events, SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { replayOf } from '@switchyard/runtime/subgraph/replay'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { ExecutionResult } from 'graphql'
import type { Graph, Operation } from '../answer.ts'
import { executePlan } from '../execution/execute.ts'
import { namesOf } from '../execution/names.ts'
import type { RequestContext } from '../request.ts'
import { DeadlinePassed, withDeadline } from '../sources/deadline.ts'
import { outage } from '../sources/outage.ts'
import { isSound } from '../sources/sound-result.ts'
import { arrived, type SubscriptionPlan } from './plan.ts'

/** An event as the subgraph told it. */
export type Seen = {
  /** Undefined where events have none. */
  readonly cursor: string | undefined
  /** Runs the rest of the plan on it, as a viewer, until the signal is aborted. */
  complete(viewer: Viewer, signal: AbortSignal): Promise<ExecutionResult>
}

export type Feed = {
  /** The cursor of what was told last when it was opened, where the subgraph says so. */
  readonly beginning: string | undefined
  /** Resolves once the events of the past have been read. */
  readonly caughtUp: Promise<void>
  /** Resolves once `next` has an event to execute, or is at the end. */
  arrived(): Promise<void>
  /** Has the subgraph execute its part of the event; 'later' where that has to be awaited, undefined at the end. */
  next(): Promise<Seen | 'later' | undefined>
  close(): void
}

export type FeedOptions = {
  readonly graph: Graph
  readonly executors: ReadonlyMap<string, SubgraphExecutor>
  readonly timeout: number
}

export type Opening = {
  readonly plan: SubscriptionPlan
  readonly operation: Operation
  readonly requestId: string
  readonly viewer: Viewer
  readonly after: string | undefined
}

const attempts = 6

/** Opens the subscription; a refusal comes as a result. */
export async function openFeed(options: FeedOptions, opening: Opening): Promise<Feed | ExecutionResult> {
  const { plan, operation, requestId, viewer, after } = opening
  const executor = options.executors.get(plan.primary.serviceName)
  if (!executor) return { errors: [unavailable()] }
  const names = namesOf(options.graph.supergraph.schema, operation.document)
  const variables = picked(names.variables(operation.variables), plan.primary.variableUsages)
  const replay = plan.isResumable ? replayOf(plan.primary.operation, variables) : undefined
  const failed = () => ({ errors: outage(plan.primary.operation) })

  async function opened(place: string | undefined): Promise<Events | ExecutionResult> {
    const subscribing = executor?.subscribe({
      query: replay?.query ?? plan.primary.operation,
      variables: replay?.variablesAfter(place) ?? variables,
      viewer,
      requestId,
    })
    return withDeadline(options.timeout, undefined, async () => (await subscribing) ?? failed()).catch(() => {
      // it may still open, and nobody would be there to close it
      subscribing?.then((late) => isOpen(late) && close(late)).catch(() => {})
      return failed()
    })
  }

  function seen(event: ExecutionResult): Seen {
    const cursor = replay?.takeCursor(event)
    place = cursor ?? place
    return {
      cursor,
      complete: (as, signal) => completed(options.graph, opening, event, { viewer: as, requestId, signal }),
    }
  }

  /** Begins again after the last event: the subgraph has let go of a reader that was slower than its events. */
  async function resumed(): Promise<boolean> {
    close(events)
    for (let attempt = 0; attempt < attempts && !isOver; attempt++) {
      await wait(100 * 2 ** attempt, undefined, { ref: false })
      const again = await opened(place)
      if (!isOpen(again)) continue
      events = again
      if (isOver) close(events)
      return !isOver
    }
    return false
  }

  const first = await opened(after)
  if (!isOpen(first)) return completed(options.graph, opening, first, { viewer, requestId })
  let events = first
  let place = after ?? first.beginning
  let isOver = false
  let executing: Promise<IteratorResult<ExecutionResult>> | undefined
  let outageTold: ExecutionResult | undefined
  let isLost = false
  return {
    beginning: place,
    caughtUp: first.caughtUp ?? Promise.resolve(),
    async arrived() {
      if (isLost) {
        isLost = false
        if (await resumed()) outageTold = undefined
      }
      if (outageTold || isOver) return
      if (events.arrived && !executing) return events.arrived()
      executing ??= events.next()
      await executing.catch(() => {})
    },
    async next() {
      if (outageTold) {
        const event = outageTold
        outageTold = undefined
        return isOver ? undefined : seen(event)
      }
      executing ??= events.next()
      const step = await unlessLate(options.timeout, executing)
      if (step === 'later') return step
      executing = undefined
      if (step.done || isOver) return undefined
      const event = isSound(step.value, {}) ? step.value : failed()
      if (place === undefined || !isPassing(event)) return seen(event)
      outageTold = event
      isLost = true
      return 'later'
    },
    close() {
      isOver = true
      close(events)
    },
  }
}

const isOpen = (source: Events | ExecutionResult): source is Events => Symbol.asyncIterator in source

const close = (events: Events) => void events.return?.().catch(() => {})

/** Whether a subgraph says that it cannot go on, and nothing else. */
const isPassing = ({ data, errors = [] }: ExecutionResult) =>
  !data && errors.length > 0 && errors.every((error) => codeOf(error) === 'SERVICE_UNAVAILABLE')

const unlessLate = <T>(timeout: number, work: Promise<T>): Promise<T | 'later'> =>
  withDeadline(timeout, undefined, () => work).catch((error: unknown) => {
    if (error instanceof DeadlinePassed) return 'later'
    throw error
  })

/** Runs the plan as if its first fetch were made now and answered with the event. */
function completed(
  { supergraph, sources, limits }: Graph,
  { plan, operation }: Opening,
  event: ExecutionResult,
  context: RequestContext,
): Promise<ExecutionResult> {
  // the executor merges into what it is given
  const answer = async () => ({ ...event, ...(event.data && { data: structuredClone(event.data) }) })
  const all = { supergraph, limits, sources: { ...sources, [arrived]: answer } }
  return executePlan(all, plan.completion, operation, context)
}

function picked(variables: Operation['variables'], names: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]),
  )
}
