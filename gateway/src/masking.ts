// What leaves the gateway of an error: the words of one that follows the law, and of any other only the request's id.
import type { Log } from '@switchyard/runtime/log'
import { shortened } from '@switchyard/runtime/text'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

export type Mask = ReturnType<typeof createMask>

/** The same for every door; an error that is masked is logged with its cause. */
export const createMask =
  (log: Log) =>
  (error: unknown, requestId: string): GraphQLFormattedError => {
    const known = error instanceof GraphQLError ? error : undefined
    const place = known ? placeOf(known) : {}
    const code = known && (lawfulCode(known) ?? alreadyMasked(known, requestId))
    if (known && code) {
      const { data } = known.extensions
      return { message: shortened(known.message), ...place, extensions: data === undefined ? { code } : { code, data } }
    }
    log.error({ requestId, err: known?.originalError ?? error }, 'An error was masked.')
    return {
      message: `Something went wrong. Request ${requestId}.`,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', data: { requestId } },
    }
  }

/** Codes by which Apollo's code says that it does not know what went wrong. */
const unlawful = new Set(['INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR'])

/** A code counts when our code gave it, not when a driver or a library left one on an error of its own. */
function lawfulCode(error: GraphQLError): string | undefined {
  const { code } = error.extensions
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(code) || unlawful.has(code)) return undefined
  for (let cause = error.originalError; cause instanceof Error; cause = causeOf(cause)) {
    if (!(cause instanceof GraphQLError)) return undefined
  }
  return code
}

/** The source of a subgraph that is not ours leaves nothing to mask, and has logged what it kept to itself. */
function alreadyMasked({ extensions: { code, data } }: GraphQLError, requestId: string): string | undefined {
  if (code !== 'DOWNSTREAM_SERVICE_ERROR' || typeof data !== 'object' || data === null) return undefined
  return 'requestId' in data && data.requestId === requestId ? code : undefined
}

const causeOf = (error: Error) => (error instanceof GraphQLError ? error.originalError : undefined)

const placeOf = ({ path, locations }: GraphQLError): Pick<GraphQLFormattedError, 'path' | 'locations'> => ({
  ...(locations && { locations }),
  ...(path && { path }),
})
