// Ends the connections of clients that do not read their responses, which are held in memory for as long as they wait.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export type ReadingLimits = {
  /** Without any progress. */
  readonly stalledMs: number
  /** Until what waited at one moment has been read, however slowly. */
  readonly deadlineMs: number
}

export const defaultReadingLimits: ReadingLimits = { stalledMs: 30_000, deadlineMs: 120_000 }

type Connections = {
  readonly sockets: () => Iterable<Socket>
  /** Whether a request of the socket is being answered. */
  readonly isAnswering: (socket: Socket) => boolean
}

type Waiting = { readonly since: number; readonly bytesWhenRead: number }

export function cutSlowReaders(
  server: Server,
  { sockets, isAnswering }: Connections,
  { stalledMs, deadlineMs, onCut }: ReadingLimits & { readonly onCut: () => void },
): void {
  const waiting = new WeakMap<Socket, Waiting>()

  function cut(socket: Socket): void {
    onCut()
    socket.destroy()
  }

  // Node counts what leaves as activity
  server.setTimeout(stalledMs, (socket) => {
    if (socket.writableLength > 0) cut(socket)
    else if (!isAnswering(socket)) socket.destroy()
  })

  function check(socket: Socket): void {
    const now = performance.now()
    const known = waiting.get(socket)
    if (socket.writableLength === 0) waiting.delete(socket)
    else if (!known || socket.bytesWritten - socket.writableLength >= known.bytesWhenRead) {
      waiting.set(socket, { since: now, bytesWhenRead: socket.bytesWritten })
    } else if (now - known.since > deadlineMs) cut(socket)
  }
  const timer = setInterval(() => {
    for (const socket of sockets()) check(socket)
  }, stalledMs / 6).unref()
  server.once('close', () => clearInterval(timer))
}
