// The newest published events of a subgraph, kept in memory and shared by all its subscribers in this process.
import type { Database } from '../database/pool.ts'
import type { Log } from '../log.ts'
import { type PublishedEvent, readAfter, readBounds } from './follower-reads.ts'
import type { LiveChannel } from './live-channel.ts'
import { startRounds } from './rounds.ts'

const kept = 1000
const batch = 500

export interface Window {
  /** The newest position read; undefined until the first look at the outbox. */
  readonly position: bigint | undefined
  /** The event at a position; undefined when it has left the window or has not entered it. */
  at(position: bigint): PublishedEvent | undefined
  /** Calls `changed` after every read that found something; returns what ends that. */
  watch(changed: () => void): () => void
  close(): Promise<void>
}

export function openWindow({ database, live, log }: { database: Database; live: LiveChannel; log: Log }): Window {
  const watchers = new Set<() => void>()
  let events: PublishedEvent[] = []
  let position: bigint | undefined

  const tell = () => {
    for (const changed of watchers) changed()
  }
  async function read() {
    if (position === undefined) {
      position = (await readBounds(database)).head
      tell()
    }
    for (;;) {
      const rows: PublishedEvent[] = await readAfter(database, position, batch)
      const [first, last] = [rows[0], rows.at(-1)]
      if (!first || !last) return
      // Positions have no gaps, so what is missing has been pruned before we could read it.
      if (first.position !== position + 1n) events = []
      events = [...events, ...rows].slice(-kept)
      position = last.position
      tell()
      if (rows.length < batch) return
    }
  }
  const reading = startRounds({ every: 1000, work: read, failed: 'events cannot be followed', log })
  const listening = live.listen(database.schema, reading.wake)
  return {
    get position() {
      return position
    },
    at(wanted) {
      const [oldest] = events
      return oldest && events[Number(wanted - oldest.position)]
    },
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    async close() {
      await reading.stop()
      await (await listening)()
    },
  }
}
