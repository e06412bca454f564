// One WebSocket as the protocol sees it: what it is told goes out in order, and waits in it only up to a bound.
import type { Duplex } from 'node:stream'
import type { Server } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Sender } from '../viewer/authentication.ts'
import { type CloseCode, closeCodes, protocolCodes } from './close-codes.ts'

export type Connection = {
  /** What the upgrade showed of who asks. */
  readonly sender: Sender
  /** Aborted when the socket has closed. */
  gone(): AbortSignal
  isOpen(): boolean
  /** Sends a message; a client that has too much to read already is let go instead. */
  tell(text: string): void
  /** Resolves when little is left to be read, or the client that does not read was let go; undefined where it is so. */
  drained(): Promise<void> | undefined
  close(code: CloseCode, reason: string): void
}

type Wire = { readonly socket: WebSocket; readonly stream: Duplex; readonly sender: Sender }

const mostUnread = 2 ** 20
const longestPause = 5000
const patience = 2000

/** Speaks the protocol on a socket until it closes. */
export function connect({ socket, stream, sender }: Wire, protocol: Server<Connection>): Connection {
  let gone: AbortController | undefined
  let hasLeft = false
  const isOpen = () => socket.readyState === socket.OPEN

  function close(code: CloseCode, reason: string) {
    if (!isOpen()) return
    socket.close(code, reason)
    leave(code, reason)
    // a client that does not read will not answer the farewell either
    setTimeout(() => socket.terminate(), patience).unref()
  }

  const cut = () => close(closeCodes.tooSlow, 'Too slow')

  function isRead(): boolean {
    if (!isOpen()) return false
    if (socket.bufferedAmount <= mostUnread) return true
    cut()
    return false
  }

  const connection: Connection = {
    sender,
    isOpen,
    close,
    gone() {
      gone ??= new AbortController()
      if (!isOpen()) gone.abort()
      return gone.signal
    },
    tell(text) {
      if (isRead()) socket.send(text)
    },
    drained: () => (stream.writableNeedDrain && isOpen() ? drainOf(stream, cut) : undefined),
  }
  const forget = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) =>
        new Promise((resolve, reject) => {
          if (!isRead()) return resolve()
          socket.send(text, (error) => (error && isOpen() ? reject(error) : resolve()))
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (take) =>
        socket.on('message', (data) =>
          take(String(data)).catch(() => socket.close(protocolCodes.badRequest, 'Bad request')),
        ),
    },
    connection,
  )
  socket.once('close', (code, reason) => leave(code, String(reason)))

  /** Whether it was asked to close or has: what it followed is let go, once. */
  function leave(code: number, reason: string) {
    if (hasLeft) return
    hasLeft = true
    gone?.abort()
    void forget(code, reason)
  }
  return connection
}

function drainOf(stream: Duplex, cut: () => void): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      stream.off('drain', settle)
      stream.off('close', settle)
      resolve()
    }
    const timer = setTimeout(cut, longestPause)
    stream.on('drain', settle)
    stream.on('close', settle)
  })
}
