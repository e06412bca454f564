// One WebSocket as the protocol sees it: messages in order, each sent before the next is taken.
import type { IncomingMessage } from 'node:http'
import type { Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { CloseCode } from './close-codes.ts'

export type Connection = {
  readonly request: IncomingMessage
  /** Aborted when the socket has closed. */
  readonly gone: AbortSignal
  isOpen(): boolean
  close(code: CloseCode, reason: string): void
}

const heartbeat = 12_000
const patience = 2000

/** Speaks the protocol on a socket until it closes. */
export function connect(socket: WebSocket, request: IncomingMessage, protocol: Server<Connection>): Connection {
  const gone = new AbortController()
  const connection: Connection = {
    request,
    gone: gone.signal,
    isOpen: () => socket.readyState === socket.OPEN,
    close(code, reason) {
      socket.close(code, reason)
      // a client that does not read will not answer the farewell either
      setTimeout(() => socket.terminate(), patience).unref()
    },
  }
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve, reject) => {
          if (!connection.isOpen()) return resolve()
          socket.send(text, (error) => (error && connection.isOpen() ? reject(error) : resolve()))
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) =>
        socket.on('message', (data) => take(String(data)).catch(() => socket.close(4400, 'Bad request'))),
    },
    connection,
  )
  const beat = setInterval(beatOf(socket), heartbeat).unref()
  // ws has closed the socket by itself where there is an error: a frame too large, a text that is no UTF-8
  socket.on('error', () => {})
  socket.once('close', (code, reason) => {
    clearInterval(beat)
    gone.abort()
    void closed(code, String(reason))
  })
  return connection
}

/** Ends a socket whose other side has not answered the ping before. */
function beatOf(socket: WebSocket): () => void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  return () => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }
}
