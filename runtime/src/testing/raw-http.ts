// Bytes sent to a server as they are, which no HTTP client would send.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type RawResponse = { readonly status: number; readonly headers: string; readonly body: string }

/** A connection that stays open on our side for as long as the server has not closed it. */
export async function rawConnection(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends the bytes and reads until the server ends the connection. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawResponse> {
  const socket = await rawConnection(port)
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')])
  socket.write(bytes)
  await ended
  socket.destroy()
  const [headers = '', body = ''] = text.split('\r\n\r\n')
  return { status: Number(headers.split(' ')[1]), headers, body }
}

/** Sends the bytes and resets the connection as soon as they are on their way. */
export async function sendAndReset(port: number, bytes: string): Promise<void> {
  const socket = await rawConnection(port)
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
  socket.resetAndDestroy()
}

const handshake = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'

/** An upgrade request of this target, with the handshake of a WebSocket. */
export const upgradeOf = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\n${handshake}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`

/** An upgrade request without what the handshake of a WebSocket needs. */
export const bareUpgradeOf = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\n${handshake}\r\n`
