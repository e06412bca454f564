// A response written onto a socket by hand: for what the HTTP parser refuses, and for upgrades that are not accepted.
import { STATUS_CODES } from 'node:http'
import { type Duplex, finished } from 'node:stream'

export type Refusal = {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** How long a client may take to read the response and close. */
const closeTimeoutMs = 1000

/** The headers and the body of the response; the connection is not used again. */
export function responseTo({ code, message, headers }: Refusal) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] })
  return {
    body,
    headers: {
      Connection: 'close',
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      ...headers,
    },
  }
}

/** What comes after bytes that the parser refused is refused, too; one response is enough. */
const refused = new WeakSet<Duplex>()

/**
 * Responds and closes the socket: gently first, since destroying one with unread data resets the connection and may take
 * the response with it.
 */
export function refuseSocket(socket: Duplex, refusal: Refusal): void {
  if (refused.has(socket)) return
  refused.add(socket)
  if (!socket.writable) return void socket.destroy()
  const { headers, body } = responseTo(refusal)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const timer = setTimeout(() => socket.destroy(), closeTimeoutMs)
  socket.once('close', () => clearTimeout(timer))
  finished(socket, () => socket.destroy())
  // what the client still sends is discarded
  socket.resume()
  socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`)
}
