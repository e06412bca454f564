// How long a subscription lasts, told to the protocol as an iterator that yields nothing and ends with it: the events
// themselves go straight to the socket.

export type Life = AsyncGenerator<never, undefined, undefined> & { end(): void; isOver(): boolean }

/** Written by hand: in a generator, `return()` would wait behind a `next()` that may never come. */
export function createLife(onOver: () => void): Life {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const done = { done: true, value: undefined } as const
  let isOver = false

  function end() {
    if (isOver) return
    isOver = true
    resolve()
    onOver()
  }
  const ended = async () => {
    end()
    return done
  }
  const life: Life = {
    end,
    isOver: () => isOver,
    next: () => over.then(() => done),
    return: ended,
    throw: ended,
    [Symbol.asyncIterator]: () => life,
    [Symbol.asyncDispose]: async () => end(),
  }
  return life
}
