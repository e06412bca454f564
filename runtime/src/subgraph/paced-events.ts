// The gateway's end of a paced subscription: which event has been announced, and whether somebody waits for it.
import type { ExecutionResult } from 'graphql'
import { pushedIterator } from './pushed-iterator.ts'

type Request = () => void

export type PacedEvents = ReturnType<typeof pacedEvents>

/** Events that a subgraph announces and sends when it is asked to, or sends without having been asked. */
export function pacedEvents(capacity: number, onReturn: () => void) {
  const results = pushedIterator<ExecutionResult>(capacity, onReturn)
  const { promise: caughtUp, resolve: markCaughtUp } = Promise.withResolvers<void>()
  let arrival = Promise.withResolvers<void>()
  let announced: Request | undefined
  let readers = 0
  let queued = 0
  let isOver = false

  function request() {
    const send = announced
    announced = undefined
    send?.()
  }

  return {
    caughtUp,
    markCaughtUp,

    /** An event has arrived at the subgraph; `send` asks for it. */
    announce(send: Request) {
      announced = send
      arrival.resolve()
      if (readers > 0) request()
    },

    /** What was announced will be announced again, over another connection. */
    retract() {
      announced = undefined
    },

    push(result: ExecutionResult): boolean {
      arrival.resolve()
      const isTaken = results.push(result)
      if (isTaken) queued++
      return isTaken
    },

    end(last?: ExecutionResult) {
      isOver = true
      markCaughtUp()
      arrival.resolve()
      results.end(last)
    },

    iterator: {
      caughtUp,
      arrived: () => arrival.promise,
      async next() {
        readers++
        request()
        const step = await results.iterator.next()
        readers--
        queued--
        if (!isOver && announced === undefined && queued <= 0) {
          queued = 0
          arrival = Promise.withResolvers()
        }
        return step
      },
      async return() {
        isOver = true
        markCaughtUp()
        arrival.resolve()
        await results.iterator.return?.()
        return { done: true, value: undefined } as const
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}
