// The seam between the gateway and a subgraph, the same whether it is in this process or behind an address.
import type { ExecutionResult } from 'graphql'
import type { Readiness } from '../process/readiness.ts'
import type { ClientInfo } from '../viewer/client-info.ts'
import type { Viewer } from '../viewer/viewer.ts'

export type SubgraphRequest = {
  /** The operation's text, as the planner wrote it. */
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly viewer: Viewer
  readonly requestId: string
  /** Who sent it; undefined for what the service does by itself, and for subscriptions, which clients share. */
  readonly client?: ClientInfo | undefined
  readonly idempotencyKey?: string | undefined
  /** Headers of the client that a subgraph which is not ours is handed. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Whether the answer to the same question of the same viewer, asked a moment ago, will do. */
  readonly mayJoin?: boolean | undefined
  /** Milliseconds that the caller waits; a subgraph of ours answers before, with QUERY_TOO_EXPENSIVE where it has to. */
  readonly timeout?: number | undefined
  /** Aborted when the client goes away or the deadline passes. A mutation goes on when only its client has left. */
  readonly signal?: AbortSignal | undefined
}

/** A plain HTTP request for one of the subgraph's routes; its path is what matters of its address. */
export type Visit = {
  readonly request: Request
  readonly viewer: Viewer
  readonly requestId: string
  readonly client?: ClientInfo | undefined
}

/** The events of a subscription; `beginning` is the cursor after which they come, where the subgraph knows of cursors. */
export type Events = AsyncIterableIterator<ExecutionResult> & {
  readonly beginning?: string | undefined
  /**
   * Resolves once `next` has an event to execute, or is at the end. An event costs nothing until `next` is called, so that
   * the caller decides how many are executed at once. Absent where events are executed as they come.
   */
  readonly arrived?: (() => Promise<void>) | undefined
  /** Resolves once the events of the past have been read, or the subscription has ended. Absent where there are none. */
  readonly caughtUp?: Promise<void> | undefined
}

/**
 * Answers operations of one subgraph. Errors in a result are already masked and carry `extensions.code`;
 * `execute` itself rejects with SERVICE_UNAVAILABLE (the subgraph cannot be reached or answers nonsense), or with another
 * GraphQLError when the subgraph is well and refuses this one request as a whole.
 */
export interface SubgraphExecutor {
  readonly name: string
  execute(request: SubgraphRequest): Promise<ExecutionResult>
  /**
   * Opens a subscription. Refusals come as a result with errors. A remote executor heals a lost connection
   * itself by subscribing again; the iterator ends when the subgraph completes it or `return()` is called.
   */
  subscribe(request: SubgraphRequest): Promise<Events | ExecutionResult>
  /** Absent where the subgraph has no routes; rejects only with SERVICE_UNAVAILABLE. */
  readonly visit?: ((visit: Visit) => Promise<Response>) | undefined
  /** What it says about itself; absent where it can only be asked a query. */
  readonly ready?: (() => Promise<Readiness>) | undefined
}
