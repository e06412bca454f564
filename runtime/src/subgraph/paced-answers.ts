// The subgraph's end of a paced subscription: an event is announced when it arrives, and executed when the gateway asks
// for it. The gateway asks in an unsolicited `pong`, the one message of graphql-transport-ws that has room for it.
import type { ExecutionResult } from 'graphql'
import type { Events } from './executor.ts'
import { opened, signalled } from './wire.ts'

/** The requests for events on one socket, by the name that the gateway gave to its subscription. */
export type Requests = Map<string, () => void>

type Pacing = {
  readonly requests: Requests
  /** Undefined for a gateway that takes events as they come. */
  readonly name: string | undefined
  readonly beginning: string | undefined
}

const done = { done: true, value: undefined } as const
const message = (value: ExecutionResult) => ({ done: false, value }) as const

/** The same events, after a message that the subscription is open. */
export function pacedAnswers(
  events: Events,
  { requests, name, beginning }: Pacing,
): AsyncIterableIterator<ExecutionResult> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  let isOver = false
  let isOpened = false
  let isCaughtUp = false
  let isAnnounced = false
  let requested = Promise.withResolvers<void>()
  if (name !== undefined) requests.set(name, () => requested.resolve())

  const caughtUp = events.caughtUp?.then(() => {
    isCaughtUp = true
  })
  let hasToldCaughtUp = caughtUp === undefined

  async function nextMessage(): Promise<IteratorResult<ExecutionResult, undefined>> {
    if (!isOpened) {
      isOpened = true
      return message(opened(beginning))
    }
    if (name === undefined || !events.arrived)
      return (await events.next()) as IteratorResult<ExecutionResult, undefined>
    if (!isAnnounced) {
      await Promise.race([events.arrived(), over, ...(hasToldCaughtUp ? [] : [caughtUp])])
      if (isCaughtUp && !hasToldCaughtUp) {
        hasToldCaughtUp = true
        return message(signalled('caughtUp'))
      }
      isAnnounced = true
      return message(signalled('arrived'))
    }
    await Promise.race([requested.promise, over])
    isAnnounced = false
    requested = Promise.withResolvers()
    return (await events.next()) as IteratorResult<ExecutionResult, undefined>
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: async () => (isOver ? done : nextMessage()),
    async return() {
      isOver = true
      if (name !== undefined) requests.delete(name)
      end()
      await events.return?.()
      return done
    },
  }
}
