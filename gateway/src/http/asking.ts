// Works out who asks for what before GraphQL begins: the viewer, the operation's text, and what travels with it.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { failure } from '@switchyard/runtime/errors'
import { clientInfo } from '@switchyard/runtime/viewer/client-info'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import { documentOf } from '../admission.ts'
import { clientKey } from '../limits/client-key.ts'
import type { PlanningQueue } from '../limits/planning-queue.ts'
import type { Asked, Safelist } from '../operations/safelist.ts'
import type { Plans } from '../plans.ts'
import type { RequestContext } from '../request.ts'
import type { Authentication } from '../viewer/authentication.ts'
import { requestId } from './request-id.ts'

export type Door = {
  readonly authentication: Authentication
  readonly safelist: Safelist
  readonly plans: Plans
  readonly planning: PlanningQueue
  readonly forwarded?: ((headers: IncomingHttpHeaders) => Readonly<Record<string, string>>) | undefined
}

/** A request as Apollo Server is to see it, and what it cannot see. */
export type Asking = { readonly context: RequestContext; readonly search: string; readonly body: unknown }

/** What has been found out of a request when its operation is looked for. */
export type Received = {
  readonly request: IncomingMessage
  readonly viewer: Viewer
  readonly address: string
  readonly body: unknown
}

/** Puts the text that an id stands for in the request, and parses it, so that Apollo Server finds it parsed. */
export async function asking(
  door: Door,
  { request, viewer, address, body }: Received,
  response: ServerResponse,
): Promise<Asking> {
  const { headers, method, url = '' } = request
  const context: RequestContext = {
    viewer,
    clientKey: clientKey(viewer, address),
    client: clientInfo(address, headers['user-agent']),
    requestId: requestId(),
    idempotencyKey: idempotencyKeyOf(headers),
    forwarded: door.forwarded?.(headers),
    signal: goneSignal(response),
  }
  const search = searchIn(url)
  const asked = method === 'GET' ? askedByAddress(search) : askedByBody(body)
  const source = asked && door.safelist.sourceOf(asked, viewer)
  if (source === undefined) return { context, search, body }
  await documentOf(door, source, context)
  return method === 'GET'
    ? { context, search: searchFor(search, source), body }
    : { context, search, body: bodyFor(asked as Record<string, unknown>, source) }
}

const searchIn = (url: string) => (url.includes('?') ? url.slice(url.indexOf('?')) : '')

function askedByAddress(search: string): Asked {
  const parameters = new URLSearchParams(search)
  const extensions = parameters.get('extensions')
  return {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions: extensions === null ? undefined : parsedJson(extensions),
  }
}

/** Lists are batches, which Apollo Server refuses, as it does whatever else is not an object. */
function askedByBody(body: unknown): Asked | undefined {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw failure('BAD_REQUEST', 'The extensions are not valid JSON.')
  }
}

/** The address of a client that had sent the text itself. */
function searchFor(search: string, source: string): string {
  const parameters = new URLSearchParams(search)
  if (parameters.getAll('query').length > 1) return search
  parameters.set('query', source)
  parameters.delete('documentId')
  parameters.delete('extensions')
  return `?${parameters}`
}

/** The body of a client that had sent the text itself. */
function bodyFor(body: Record<string, unknown>, source: string): unknown {
  if (body.query === source && body.documentId === undefined && body.extensions === undefined) return body
  const { documentId, extensions, ...rest } = body
  return { ...rest, ...withoutHash(extensions), query: source }
}

function withoutHash(extensions: unknown) {
  const isRecord = typeof extensions === 'object' && extensions !== null && !Array.isArray(extensions)
  if (!isRecord) return extensions === undefined ? {} : { extensions }
  const { persistedQuery, ...rest } = extensions as Record<string, unknown>
  return { extensions: rest }
}

function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw failure('BAD_REQUEST', 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
}

function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}
