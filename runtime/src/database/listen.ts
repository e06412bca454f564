// LISTEN: the connection on which notifications come is asked now and then whether it still lives.
import type { Sql } from 'postgres'

const heartbeatMs = 10_000

export type Listener = {
  /** Calls `wake` at each notification, and once after each reconnection; resolves to what ends that. */
  listen(channel: string, wake: () => void): Promise<() => Promise<void>>
  close(): void
}

/**
 * All channels of `sql` share one connection, which hears nothing for as long as nothing happens. What is sent on it
 * must be answered in time, or the client closes it; postgres.js then connects and listens again by itself.
 */
export function listener(sql: Sql, every = heartbeatMs): Listener {
  let timer: NodeJS.Timeout | undefined
  let lost = 0

  async function beat() {
    try {
      const { unlisten } = await sql.listen(`switchyard_heartbeat_${lost}`, () => undefined)
      await unlisten()
    } catch {
      // The client listens to it again, so that it would not ask for this channel a second time.
      lost++
    }
  }
  return {
    async listen(channel, wake) {
      timer ??= setInterval(beat, every).unref()
      const { unlisten } = await sql.listen(channel, wake, wake)
      return unlisten
    },
    close: () => clearInterval(timer),
  }
}
