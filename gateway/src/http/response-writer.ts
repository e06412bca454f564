// Writes responses that are whole, and bounds what waits for clients to read it.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { rateLimited, responseTooLarge } from '@switchyard/runtime/errors'

export type WholeResponse = {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string | Buffer
}

export type ResponseWriter = {
  /** Throws, with nothing written, where the body is too large or too much waits for the client already. */
  write(response: ServerResponse, whole: WholeResponse, clientKey: string): void
}

/** In responses of the maximum size: of one client, and of all of them. */
const maxUnreadPerClient = 4
const maxUnread = 32
/** Smaller responses fit into the buffers of the socket. */
const uncountedBytes = 16 * 1024
const retryAfterSeconds = 5

export function createResponseWriter(maxBytes: number): ResponseWriter {
  const unread = new Map<string, number>()
  let total = 0

  function count(clientKey: string, bytes: number): void {
    const own = (unread.get(clientKey) ?? 0) + bytes
    total += bytes
    if (own > 0) unread.set(clientKey, own)
    else unread.delete(clientKey)
  }

  return {
    write(response, { status, headers, body }, clientKey) {
      const bytes = Buffer.byteLength(body)
      if (bytes > maxBytes) throw responseTooLarge(maxBytes)
      if (bytes > uncountedBytes) {
        const own = unread.get(clientKey) ?? 0
        if (own + bytes > maxUnreadPerClient * maxBytes || total + bytes > maxUnread * maxBytes) {
          throw rateLimited(retryAfterSeconds)
        }
        count(clientKey, bytes)
        response.once('close', () => count(clientKey, -bytes))
      }
      response.writeHead(status, { ...headers, 'content-length': bytes }).end(body)
    },
  }
}
