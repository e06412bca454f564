// Identical subscriptions of the same viewer share one feed: one upstream, and one completion of each event.

import { unavailable } from '@switchyard/runtime/errors'
import type { Log } from '@switchyard/runtime/log'
import type { ExecutionResult } from 'graphql'
import type { Feed } from './feed.ts'
import type { Queue } from './queue.ts'

export type Listener = Queue<ExecutionResult>

type Shared = { readonly opening: Promise<Feed | ExecutionResult>; readonly listeners: Set<Listener> }

export type Hub = ReturnType<typeof createHub>

export function createHub(log: Log) {
  const feeds = new Map<string, Shared>()

  function shared(key: string | undefined, open: () => Promise<Feed | ExecutionResult>): Shared {
    const known = key === undefined ? undefined : feeds.get(key)
    if (known) return known
    const fresh: Shared = { opening: open(), listeners: new Set() }
    if (key !== undefined) feeds.set(key, fresh)
    const forget = () => void (key !== undefined && feeds.get(key) === fresh && feeds.delete(key))
    fresh.opening.then((feed) => ('next' in feed ? pump(feed, fresh, forget) : forget()), forget)
    return fresh
  }

  /** Hands each event to all who listen; none of them is waited for. */
  async function pump(feed: Feed, { listeners }: Shared, forget: () => void): Promise<void> {
    try {
      for (let event = await feed.next(); event !== undefined; event = await feed.next()) {
        for (const listener of listeners) listener.push(event)
      }
    } catch (error) {
      log.warn({ err: error }, 'A subscription was lost.')
      for (const listener of listeners) listener.push({ errors: [unavailable()] })
    }
    forget()
    for (const listener of [...listeners]) listener.end()
  }

  return {
    /**
     * Has a listener hear what `open` opens, or what somebody opened before under the same key.
     * Answers how to stop listening, or the refusal; the last one to leave closes the feed.
     */
    async join(
      listener: Listener,
      key: string | undefined,
      open: () => Promise<Feed | ExecutionResult>,
    ): Promise<(() => void) | ExecutionResult> {
      const joined = shared(key, open)
      joined.listeners.add(listener)
      const feed = await joined.opening
      if (!('next' in feed)) return feed
      return () => {
        joined.listeners.delete(listener)
        if (joined.listeners.size > 0) return
        if (key !== undefined && feeds.get(key) === joined) feeds.delete(key)
        feed.close()
      }
    },
  }
}
