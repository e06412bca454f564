// What of the answer of a server that is not ours may be read, and what of its errors may be told.
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Exchanged } from './exchange.ts'
import { parsedAnswer } from './parsed-answer.ts'
import { resultIn } from './wire.ts'

/** The server is well, and does not take this request. */
export class Refused extends Error {
  override name = 'Refused'
}

const json = /^application\/([\w.-]+\+)?json\b/i

/** Busy or late rather than unwilling. */
const passing = new Set([408, 425, 429])

/** What is written in GraphQL's shape is read whatever its status, but for a redirection, which is not followed. */
export function resultOf({ statusCode, headers, text }: Exchanged): ExecutionResult {
  const type = headers['content-type']
  try {
    if (statusCode >= 300 && statusCode < 400) throw new Error('a redirection')
    if (typeof type !== 'string' || !json.test(type)) throw new Error('no JSON')
    return resultIn(parsedAnswer(text))
  } catch (cause) {
    const isRefusal = statusCode >= 400 && statusCode < 500 && !passing.has(statusCode)
    throw new (isRefusal ? Refused : Error)(`HTTP ${statusCode}, ${type}: ${text.slice(0, 200)}`, { cause })
  }
}

/** The same result, its errors in no words but ours. */
export const maskedResult = ({ data, errors }: ExecutionResult, requestId: string): ExecutionResult => ({
  ...(data !== undefined && { data }),
  ...(errors && { errors: errors.map((error) => masked(error, requestId)) }),
})

/** Where something went wrong, and nothing of what: the text may name anything, and the log has it. */
export const masked = ({ path }: Partial<GraphQLError>, requestId: string) =>
  new GraphQLError(`Something went wrong in a subgraph. Request ${requestId}.`, {
    ...(path && { path }),
    extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', data: { requestId } },
  })
