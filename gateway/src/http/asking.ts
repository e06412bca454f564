// Works out who asks for what before GraphQL begins: the viewer, the operation's text, and what travels with it.
import { failure } from '@switchyard/runtime/errors'
import type { Request, RequestHandler, Response } from 'express'
import type { Asked, Safelist } from '../operations/safelist.ts'
import type { Plans } from '../plans.ts'
import type { RequestContext } from '../request.ts'
import type { credentialReader } from '../viewer/credentials.ts'
import type { Viewers } from '../viewer/viewers.ts'
import { requestId } from './request-id.ts'

export type Door = {
  readonly credentials: ReturnType<typeof credentialReader>
  readonly viewers: Viewers
  readonly safelist: Safelist
  readonly plans: Plans
  readonly forwarded?: ((headers: Request['headers']) => Readonly<Record<string, string>>) | undefined
}

const contexts = new WeakMap<Request, RequestContext>()

/** The context that `identifyAsker` made for a request. */
export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request)
  if (!context) throw new Error('The asker of this request was not worked out.')
  return context
}

/** Puts the text that an id stands for in the request, and parses it, so that Apollo Server finds it parsed. */
export function identifyAsker({ credentials, viewers, safelist, plans, forwarded }: Door): RequestHandler {
  return async (request, response, next) => {
    const viewer = await viewers.of(credentials(request.headers, request.socket.remoteAddress))
    contexts.set(request, {
      viewer,
      requestId: requestId(),
      idempotencyKey: idempotencyKeyOf(request),
      forwarded: forwarded?.(request.headers),
      signal: goneSignal(response),
    })
    const asked = request.method === 'GET' ? askedByAddress(request) : askedByBody(request)
    const source = asked && safelist.sourceOf(asked, viewer)
    if (source !== undefined) {
      plans.parsed(source)
      substitute(request, source)
    }
    next()
  }
}

function askedByAddress(request: Request): Asked {
  const { searchParams } = new URL(request.url, 'http://gateway.internal')
  const extensions = searchParams.get('extensions')
  return {
    query: searchParams.get('query') ?? undefined,
    documentId: searchParams.get('documentId') ?? undefined,
    extensions: extensions === null ? undefined : parsedJson(extensions),
  }
}

/** Lists are batches, which Apollo Server refuses, as it does whatever else is not an object. */
function askedByBody(request: Request): Asked | undefined {
  const body: unknown = request.body
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw failure('BAD_REQUEST', 'The extensions are not valid JSON.')
  }
}

/** From here on the request reads as if its client had sent the text. */
function substitute(request: Request, source: string): void {
  if (request.method === 'GET') {
    const url = new URL(request.url, 'http://gateway.internal')
    if (url.searchParams.getAll('query').length > 1) return
    url.searchParams.set('query', source)
    url.searchParams.delete('documentId')
    url.searchParams.delete('extensions')
    request.url = url.pathname + url.search
  } else {
    const { documentId, extensions, ...rest } = request.body as Record<string, unknown>
    request.body = { ...rest, ...withoutHash(extensions), query: source }
  }
}

function withoutHash(extensions: unknown) {
  const isRecord = typeof extensions === 'object' && extensions !== null && !Array.isArray(extensions)
  if (!isRecord) return extensions === undefined ? {} : { extensions }
  const { persistedQuery, ...rest } = extensions as Record<string, unknown>
  return { extensions: rest }
}

function idempotencyKeyOf({ headers }: Request): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw failure('BAD_REQUEST', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
}

function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
