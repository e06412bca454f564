// One subscriber of a follower: a place in the stream of events, first behind in the outbox, then live in the window.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database/pool.ts'
import { failure, invalidInput, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Pages } from './follower-pages.ts'
import { type PublishedEvent, readBounds } from './follower-reads.ts'
import type { Window } from './follower-window.ts'

export interface Following extends AsyncIterableIterator<PublishedEvent> {
  /** Resolves once every event from here on will come; rejects as the first `next` would: CURSOR_EXPIRED, BAD_USER_INPUT. */
  readonly ready: Promise<void>
  /** Resolves once it has read what was published before it was opened, or has ended. */
  readonly caughtUp: Promise<void>
  /** The position after which its next event comes; it has one once it is ready. */
  place(): bigint
}

type SubscriberOptions = {
  readonly database: Database
  readonly window: Window
  readonly pages: Pages
  readonly after: bigint | undefined
  readonly log: Log
  readonly release: () => void
}

const expired = () =>
  failure('CURSOR_EXPIRED', 'What came after this cursor is no longer kept: load anew and subscribe without it.')

export function subscribe({ database, window, pages, after, log, release }: SubscriberOptions): Following {
  let place = 0n
  let missed: PublishedEvent[] = []
  let live = false
  let ended = false
  let rouse = () => {}
  const { promise: caughtUp, resolve: markCaughtUp } = Promise.withResolvers<void>()
  const unwatch = window.watch(() => rouse())

  function end() {
    ended = true
    markCaughtUp()
    unwatch()
    release()
    rouse()
  }
  const change = () =>
    new Promise<void>((resolve) => {
      rouse = resolve
    })

  /** Asks the database until it answers; it may be away for a while. */
  async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    while (!ended) {
      try {
        return await ask()
      } catch (error) {
        log.warn({ err: error }, 'a subscriber waits for the database')
        await sleep(250)
      }
    }
    return undefined
  }

  async function findPlace() {
    while (!ended && window.position === undefined) await change()
    place = after ?? window.position ?? 0n
    if (after === undefined) return
    const bounds = await patiently(() => readBounds(database))
    if (bounds && after > bounds.head) throw invalidInput('after', 'This cursor was never given.')
    if (bounds && after < bounds.prunedTo) throw expired()
  }

  async function nextEvent(): Promise<PublishedEvent | undefined> {
    while (!ended) {
      if (place >= (window.position ?? 0n) && missed.length === 0) {
        live = true
        markCaughtUp()
        await change()
        continue
      }
      const event = missed.shift() ?? window.at(place + 1n)
      if (!event) {
        if (live) throw unavailable('Events come faster than you take them: subscribe again after your last cursor.')
        missed = (await patiently(() => pages.after(place))) ?? []
        if (!ended && missed[0]?.position !== place + 1n) throw expired()
        continue
      }
      place = event.position
      return event
    }
    return undefined
  }

  const ready = findPlace().catch((error: unknown) => {
    end()
    throw error
  })
  ready.catch(() => undefined)
  let turn: Promise<unknown> = ready

  async function take(): Promise<IteratorResult<PublishedEvent>> {
    try {
      await ready
      const event = await nextEvent()
      if (event) return { done: false, value: event }
    } catch (error) {
      end()
      throw error
    }
    return { done: true, value: undefined }
  }
  return {
    ready,
    caughtUp,
    place: () => place,
    next() {
      const taken = turn.then(take, take)
      turn = taken
      return taken
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    async throw(error) {
      end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
