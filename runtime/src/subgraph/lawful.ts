// What leaves a subgraph as an error: the law's own words, or a mask and a log line with the cause.
import { type ExecutionResult, GraphQLError } from 'graphql'
import { fromDatabase } from '../database/failures.ts'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { shortened } from '../text.ts'

const masked = 'Something went wrong.'

/** The error as the client may read it. */
export function lawful(error: unknown, log: Log): GraphQLError {
  const at = error instanceof GraphQLError ? error : undefined
  const cause = rootOf(error)
  const known = fromDatabase(cause) ?? (codeOf(cause) ? (cause as GraphQLError) : undefined)
  if (known) {
    const { code, data } = known.extensions
    if (code === 'SERVICE_UNAVAILABLE') log.warn({ err: cause, path: at?.path }, 'unavailable')
    return placed(known.message, data === undefined ? { code } : { code, data }, at)
  }
  // What graphql-js itself says has no cause of another kind: a variable or a literal that does not fit.
  if (at && cause instanceof GraphQLError) return placed(at.message, { code: 'BAD_USER_INPUT' }, at)
  log.error({ err: cause, path: at?.path }, masked)
  return placed(masked, { code: 'INTERNAL_SERVER_ERROR' }, at)
}

function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error
}

const placed = (message: string, extensions: Record<string, unknown>, at: GraphQLError | undefined): GraphQLError =>
  new GraphQLError(shortened(message), {
    extensions,
    ...(at?.path && { path: at.path }),
    ...(at?.nodes && { nodes: at.nodes }),
  })

export const lawfulResult = (result: ExecutionResult, log: Log): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map((error) => lawful(error, log)) } : result
