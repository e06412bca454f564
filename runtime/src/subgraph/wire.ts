// What a gateway and a subgraph in another process agree on beside GraphQL itself.
import { type ExecutionResult, GraphQLError } from 'graphql'

export const viewerHeader = 'x-switchyard-viewer'
export const clientHeader = 'x-switchyard-client'
export const requestIdHeader = 'x-request-id'
export const idempotencyKeyHeader = 'idempotency-key'
/** Milliseconds that the gateway waits for the answer. */
export const timeoutHeader = 'x-switchyard-timeout'

/** Travels in a subscription's `extensions`: one socket carries many viewers, so each operation names its own. */
export type OperationExtensions = {
  readonly viewer?: unknown
  readonly requestId?: unknown
  /** The name under which a gateway asks for the subscription's events; one that names none takes them as they come. */
  readonly pacing?: unknown
}

/**
 * The first message of a subscription that was not refused: from after `cursor` on, events will reach it. graphql-ws
 * has no such word, and without it a caller cannot know whether it has missed anything.
 */
export const opened = (cursor: string | undefined): ExecutionResult => ({
  data: null,
  extensions: { opened: { cursor } },
})

/** Where a subscription begins, if this is the message that it is open. */
export function openedIn(message: unknown): { cursor: string | undefined } | undefined {
  if (!isRecord(message) || !isRecord(message.extensions) || !isRecord(message.extensions.opened)) return undefined
  const { cursor } = message.extensions.opened
  return { cursor: typeof cursor === 'string' ? cursor : undefined }
}

type Signal = 'arrived' | 'caughtUp'

/** A message of a paced subscription beside its results: an event waits to be asked for, or the past has been read. */
export const signalled = (signal: Signal): ExecutionResult => ({ data: null, extensions: { signal } })

export function signalIn(message: unknown): Signal | undefined {
  if (!isRecord(message) || !isRecord(message.extensions)) return undefined
  const { signal } = message.extensions
  return signal === 'arrived' || signal === 'caughtUp' ? signal : undefined
}

/** The payload of the `pong` that asks for an event. */
export const eventRequest = (pacing: string) => ({ next: pacing })

export const requestedIn = (payload: unknown): string | undefined =>
  isRecord(payload) && typeof payload.next === 'string' ? payload.next : undefined

/** The result in a parsed answer, its errors made GraphQLErrors as a local subgraph's are; throws when it is none. */
export function resultIn(answer: unknown): ExecutionResult {
  if (!isRecord(answer)) throw new Error('not a GraphQL result')
  const data = isRecord(answer.data) ? answer.data : null
  const extensions = isRecord(answer.extensions) ? { extensions: answer.extensions } : {}
  if (answer.errors === undefined && data) return { data, ...extensions }
  if (!Array.isArray(answer.errors) || answer.errors.length === 0) throw new Error('not a GraphQL result')
  return { ...('data' in answer && { data }), errors: answer.errors.map(errorIn), ...extensions }
}

export function errorIn(formatted: unknown): GraphQLError {
  if (!isRecord(formatted) || typeof formatted.message !== 'string') throw new Error('not a GraphQL error')
  const { path, extensions } = formatted
  return new GraphQLError(formatted.message, {
    path: isPath(path) ? path : null,
    extensions: isRecord(extensions) ? extensions : null,
  })
}

const isPath = (value: unknown): value is (string | number)[] =>
  Array.isArray(value) && value.every((step) => typeof step === 'string' || typeof step === 'number')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
