// The gateway's end of a paced subscription: which event has been announced, and whether somebody waits for it.
import type { ExecutionResult } from 'graphql'
import { pushedIterator } from './pushed-iterator.ts'

type Request = () => void

/** Events that a subgraph announces and sends when it is asked to, or sends without having been asked. */
export function pacedEvents(capacity: number, onReturn: () => void) {
  const results = pushedIterator<ExecutionResult>(capacity, onReturn)
  const { promise: caughtUp, resolve: markCaughtUp } = Promise.withResolvers<void>()
  let arrival: PromiseWithResolvers<void> | undefined
  let announced: Request | undefined
  let waitingReaders = 0
  let queuedResults = 0
  let isOver = false

  function request() {
    const send = announced
    announced = undefined
    send?.()
  }

  function wake() {
    arrival?.resolve()
    arrival = undefined
  }

  function end() {
    isOver = true
    markCaughtUp()
    wake()
  }

  return {
    markCaughtUp,

    /** An event has arrived at the subgraph; `send` asks for it. */
    announce(send: Request) {
      announced = send
      if (waitingReaders > 0) request()
      else wake()
    },

    /** What was announced will be announced again, over another connection. */
    retract() {
      announced = undefined
    },

    push(result: ExecutionResult): boolean {
      if (!results.push(result)) return false
      if (waitingReaders > 0) waitingReaders--
      else queuedResults++
      wake()
      return true
    },

    end(last?: ExecutionResult) {
      end()
      results.end(last)
    },

    iterator: {
      caughtUp,
      async arrived() {
        if (isOver || announced || queuedResults > 0) return
        arrival ??= Promise.withResolvers()
        await arrival.promise
      },
      next() {
        if (queuedResults > 0) queuedResults--
        else {
          waitingReaders++
          request()
        }
        return results.iterator.next()
      },
      async return() {
        end()
        await results.iterator.return?.()
        return { done: true, value: undefined } as const
      },
      [Symbol.asyncIterator]() {
        return this
      },
    },
  }
}
