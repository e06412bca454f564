// What the plan executor asks of a subgraph, and the one way in which it asks; a source may stand before another.
import type { ExecutionResult } from 'graphql'
import type { RequestContext } from '../request.ts'

export type Fetch = {
  /** The operation's text, as the planner wrote it: the same string for every run of its plan. */
  readonly query: string
  /** Entities are asked for in `representations`. */
  readonly variables: Readonly<Record<string, unknown>>
  readonly isMutation: boolean
  readonly context: RequestContext
  /** Aborted when nobody waits for the answer any longer; this one counts, not the context's. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Answers a fetch. What goes wrong is told in the result. The result is its asker's alone: the executor merges others
 * into it, so that one answer for two askers has to be copied.
 */
export type Source = (fetch: Fetch) => Promise<ExecutionResult>

/** By the names that plans know. */
export type Sources = Readonly<Record<string, Source>>
