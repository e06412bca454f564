// Finds the connections whose other side has gone without a word, all of them by one clock.
import type { WebSocket } from 'ws'

const turns = 12
const turn = 1000

export type Heartbeat = ReturnType<typeof startHeartbeat>

/** Each socket is pinged every twelve seconds, a twelfth of them at a time, and ended when it has not answered by then. */
export function startHeartbeat() {
  const groups = Array.from({ length: turns }, () => new Set<WebSocket>())
  const asked = new WeakSet<WebSocket>()
  let joined = 0
  let current = 0

  function answered(this: WebSocket) {
    asked.delete(this)
  }

  const clock = setInterval(() => {
    current = (current + 1) % turns
    for (const socket of groups[current] ?? []) {
      if (asked.has(socket)) socket.terminate()
      else if (socket.readyState === socket.OPEN) {
        asked.add(socket)
        socket.ping()
      }
    }
  }, turn).unref()

  return {
    /** Watches over a socket until what is answered is called. */
    watch(socket: WebSocket): () => void {
      const group = groups[joined++ % turns]
      group?.add(socket)
      socket.on('pong', answered)
      return () => group?.delete(socket)
    },
    stop: () => clearInterval(clock),
  }
}
