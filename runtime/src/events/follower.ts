// Follows a subgraph's published events for all local subscribers: the outbox is read once a process, whoever listens.
import type { Database } from '../database/pool.ts'
import type { Log } from '../log.ts'
import { outboxPages } from './follower-pages.ts'
import { readBounds } from './follower-reads.ts'
import { type Following, subscribe } from './follower-subscriber.ts'
import { openWindow, type Window } from './follower-window.ts'
import type { LiveChannel } from './live-channel.ts'

export type { PublishedEvent } from './follower-reads.ts'
export type { Following } from './follower-subscriber.ts'

export interface Follower {
  /** The events after position `after`, or from now on, in order, without gap or double. */
  since(after: bigint | undefined): Following
  /** The position of the newest published event. */
  head(): Promise<bigint>
  /** Ends every subscription. */
  close(): Promise<void>
}

export type FollowerOptions = { readonly database: Database; readonly live: LiveChannel; readonly log: Log }

/** The follower of one subgraph; it neither listens nor reads while nobody subscribes. */
export function followOutbox({ database, live, log }: FollowerOptions): Follower {
  const subscribers = new Set<Following>()
  const pages = outboxPages(database)
  let window: Window | undefined
  let closing: Promise<void> = Promise.resolve()

  const release = (subscriber: Following) => {
    if (!subscribers.delete(subscriber) || subscribers.size > 0) return
    const idle = window
    window = undefined
    closing = Promise.all([closing, idle?.close()]).then(() => undefined)
  }
  return {
    since(after) {
      window ??= openWindow({ database, live, log })
      const subscriber = subscribe({
        database,
        window,
        pages,
        after,
        log,
        release: () => release(subscriber),
      })
      subscribers.add(subscriber)
      return subscriber
    },
    head: async () => (await readBounds(database)).head,
    async close() {
      await Promise.all([...subscribers].map((subscriber) => subscriber.return?.()))
      await closing
    },
  }
}
