// Answers whatever went wrong before or beside GraphQL, in the one shape that all errors have.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@switchyard/runtime/log'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { GraphQLError } from 'graphql'
import type { Mask } from '../masking.ts'
import { requestId } from './request-id.ts'
import { headersOf, pinnedStatus, statusOf } from './status.ts'

export type Refuse = (error: unknown, request: IncomingMessage, response: ServerResponse) => void

export const createRefuse =
  (mask: Mask, log: Log): Refuse =>
  (error, { headers }, response) => {
    const lawful = lawfulOf(error)
    const errors = [mask(lawful, requestId())]
    const status = pinnedStatus(lawful) ?? statusOf({ errors }, headers.accept)
    log.info({ requestId: requestId(), status, outcome: errors[0]?.extensions?.code }, 'Refused.')
    send(response, status, errors, headers.accept)
  }

/** The last handler: Express would answer in HTML, with a stack. */
export const refuseErrors =
  (refuse: Refuse): ErrorRequestHandler =>
  (error: unknown, request, response, next) =>
    response.headersSent ? next(error) : refuse(error, request, response)

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

/** A request that cannot be read, with the status that says why. */
export const unreadable = (status: number) =>
  new GraphQLError(words[status] ?? 'The request cannot be read.', {
    extensions: { code: 'BAD_REQUEST', http: { status } },
  })

/** The body parser's errors carry a status and the client's own text: the status is kept, the text is not. */
function lawfulOf(error: unknown): unknown {
  if (error instanceof GraphQLError) return error
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status <= 499 ? unreadable(status) : error
}

function send(response: ServerResponse, status: number, errors: ReturnType<Mask>[], accept = ''): void {
  const type = accept.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json'
  response
    .writeHead(status, { ...headersOf(status, errors), 'Content-Type': `${type}; charset=utf-8` })
    .end(JSON.stringify({ errors }))
}
