// The error law. Throw from here and the client reads your words; throw anything else and it reads
// INTERNAL_SERVER_ERROR with the request id, while the log keeps the cause.
//
// Unauthenticated: we do not know you.        Forbidden: we know you, you can see it, you may not do it.
// NotFound: it is not there, or not yours.    InvalidInput: the request itself is wrong; names the fields.
// Conflict: somebody else was first.          Refused: the domain says no, with a code of its own.
// RateLimited, Unavailable: try again later.
import { GraphQLError } from 'graphql'

export type ErrorData = Readonly<Record<string, unknown>> | readonly unknown[]

/** An error meant for the client: a stable code, and data by which a program can act on it. */
export const failure = (code: string, message: string, data?: ErrorData): GraphQLError =>
  new GraphQLError(message, { extensions: data === undefined ? { code } : { code, data } })

export const unauthenticated = (message = 'Sign in to do this.') => failure('UNAUTHENTICATED', message)

export const forbidden = (message = 'You may not do this.') => failure('FORBIDDEN', message)

/** `entity` is the policy's name (`crm.deal`); the same words whether the row is missing or somebody else's. */
export const notFound = (entity: string, id: string) =>
  failure('NOT_FOUND', `There is no ${entity.split('.').at(-1)} ${JSON.stringify(id)}.`, { entity, id })

export const invalidInput = (path: string, message: string) => invalidFields([{ path, message }])

export const invalidFields = (fields: readonly { path: string; message: string }[]) =>
  failure('BAD_USER_INPUT', fields.map(({ message }) => message).join(' '), { fields })

export const conflict = (message: string, data: ErrorData) => failure('CONFLICT', message, data)

export const refused = (code: string, message: string, data: ErrorData) => failure(code, message, data)

export const rateLimited = (retryAfterSeconds: number) =>
  failure('RATE_LIMITED', `Too many requests: try again in ${retryAfterSeconds} s.`, { retryAfter: retryAfterSeconds })

/** A request that may be made, but needs more time or memory than one request is given. */
export const queryTooExpensive = (
  message = 'This takes longer than one request may: ask for less, or add a narrower filter.',
  data?: ErrorData,
) => failure('QUERY_TOO_EXPENSIVE', message, data)

/** `limit` is the number of bytes that a response may have. */
export const responseTooLarge = (limit: number) =>
  queryTooExpensive(`The response is too large: at most ${limit} bytes are sent. Ask for less at once.`, { limit })

export const unavailable = (message = 'A part of the service is not available right now: try again shortly.') =>
  failure('SERVICE_UNAVAILABLE', message)

/** The code of an error that follows the law; undefined for one that must be masked. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const lawful = error instanceof GraphQLError ? error : undefined
  const original = lawful?.originalError
  if (original && !(original instanceof GraphQLError)) return undefined
  const code = lawful?.extensions.code
  return typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' ? code : undefined
}
