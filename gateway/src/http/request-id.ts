// One id for everything that a request causes: the client's if it is a decent one, else ours; always sent back.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Apollo Server formats errors without their request; this is how the id still reaches them. */
const current = new AsyncLocalStorage<string>()

export const requestId = (): string => current.getStore() ?? 'unknown'

export const acceptableId = (id: unknown): id is string => typeof id === 'string' && /^[\w.-]{1,128}$/.test(id)

/** Names the request, and does the work in whose course `requestId` answers that name. */
export function identified({ headers }: IncomingMessage, response: ServerResponse, work: () => void): void {
  const given = headers['x-request-id']
  const id = acceptableId(given) ? given : randomUUID()
  response.setHeader('X-Request-Id', id)
  current.run(id, work)
}
