// Answers whatever went wrong before or beside GraphQL, in the one shape that all errors have.
import { failure } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { GraphQLError } from 'graphql'
import type { Mask } from '../masking.ts'
import { requestId } from './request-id.ts'
import { headersOf, pinnedStatus, statusOf } from './status.ts'

/** The last handler: Express would answer in HTML, with a stack. */
export const refuseErrors =
  (mask: Mask, log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const { status: pinned, error: lawful } = lawfulOf(error)
    const errors = [mask(lawful, requestId())]
    const status = pinned ?? statusOf({ errors }, request.headers.accept)
    log.info({ requestId: requestId(), status, outcome: errors[0]?.extensions?.code }, 'Refused.')
    send(response, status, errors, request.headers.accept)
  }

export const refuseUnknownPaths: RequestHandler = () => {
  throw new GraphQLError('There is nothing at this address.', {
    extensions: { code: 'NOT_FOUND', http: { status: 404 } },
  })
}

export const refuseOtherMethods =
  (...methods: readonly string[]): RequestHandler =>
  (request, response, next) => {
    if (methods.includes(request.method)) return next()
    response.setHeader('Allow', methods.join(', '))
    throw new GraphQLError(`${request.method} is not accepted here.`, {
      extensions: { code: 'BAD_REQUEST', http: { status: 405 } },
    })
  }

const words: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON, or did not arrive whole.',
  413: 'The body is too large.',
  415: 'The body is in an encoding that is not accepted here.',
}

/** The body parser's errors carry a status and the client's own text: the status is kept, the text is not. */
function lawfulOf(error: unknown): { status?: number | undefined; error: unknown } {
  if (error instanceof GraphQLError) return { status: pinnedStatus(error), error }
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  if (typeof status !== 'number' || status < 400 || status > 499) return { error }
  return { status, error: failure('BAD_REQUEST', words[status] ?? 'The request cannot be read.') }
}

function send(response: Response, status: number, errors: ReturnType<Mask>[], accept = ''): void {
  const isNewer = accept.includes('application/graphql-response+json')
  response
    .status(status)
    .set(headersOf(status, errors))
    .type(isNewer ? 'application/graphql-response+json; charset=utf-8' : 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors }))
}
