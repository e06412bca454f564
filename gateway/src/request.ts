// What the gateway knows of one operation's asker; made anew for every operation, so that nothing leaks between two.
import type { ClientInfo } from '@switchyard/runtime/viewer/client-info'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'

export type RequestContext = {
  readonly viewer: Viewer
  /** What limits count the client by; undefined for what the gateway does by itself. */
  readonly clientKey?: string | undefined
  readonly requestId: string
  /** Who sent it; undefined for what the gateway does by itself. */
  readonly client?: ClientInfo | undefined
  readonly idempotencyKey?: string | undefined
  /** Headers of the client that its subgraphs are handed as they are. */
  readonly forwarded?: Readonly<Record<string, string>> | undefined
  /** Aborted when the client has gone away. */
  readonly signal?: AbortSignal | undefined
}
