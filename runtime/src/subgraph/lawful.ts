// What leaves a subgraph as an error: the law's own words, or a mask and a log line with the cause.
import { type ExecutionResult, GraphQLError } from 'graphql'
import { fromDatabase } from '../database/failures.ts'
import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'

const masked = 'Something went wrong.'

/** The error as the client may read it. */
export function lawful(error: unknown, log: Log): GraphQLError {
  const original = (error instanceof GraphQLError && error.originalError) || error
  const known =
    fromDatabase(original) ??
    (codeOf(original) ? (original as GraphQLError) : codeOf(error) ? (error as GraphQLError) : undefined)
  const at = error instanceof GraphQLError ? error : undefined
  if (!known) {
    // An error without a cause was made by graphql-js: a variable or a literal that does not fit.
    const isOfTheRequest = at !== undefined && !at.originalError && original === at
    if (!isOfTheRequest) log.error({ err: original, path: at?.path }, masked)
    return placed(
      isOfTheRequest ? at.message : masked,
      isOfTheRequest ? { code: 'BAD_USER_INPUT' } : { code: 'INTERNAL_SERVER_ERROR' },
      at,
    )
  }
  if (known.extensions.code === 'SERVICE_UNAVAILABLE') log.warn({ err: original, path: at?.path }, 'unavailable')
  return placed(
    known.message,
    { code: known.extensions.code, ...(known.extensions.data !== undefined && { data: known.extensions.data }) },
    at,
  )
}

const placed = (message: string, extensions: Record<string, unknown>, at: GraphQLError | undefined): GraphQLError =>
  new GraphQLError(message, { extensions, ...(at?.path && { path: at.path }), ...(at?.nodes && { nodes: at.nodes }) })

export const lawfulResult = (result: ExecutionResult, log: Log): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map((error) => lawful(error, log)) } : result
