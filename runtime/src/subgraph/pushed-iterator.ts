// An async iterator that is fed from outside, and whose `return()` wakes whoever waits for the next value.

export type Pushed<Value> = {
  readonly iterator: AsyncIterableIterator<Value>
  /** False when the reader is `capacity` values behind: the value was not taken. */
  push(value: Value): boolean
  /** Lets the reader have what is already there, and one last value, then ends. */
  end(last?: Value): void
}

/** Written by hand because a generator that waits for an event does not hear `return()` until the event comes. */
export function pushedIterator<Value>(capacity: number, onReturn: () => void): Pushed<Value> {
  let values: Value[] = []
  let waiting: ((result: IteratorResult<Value, undefined>) => void)[] = []
  let ended = false
  const done = { done: true, value: undefined } as const

  const give = (value: Value) => {
    const wake = waiting.shift()
    if (wake) wake({ done: false, value })
    else values.push(value)
  }
  const end = (last?: Value) => {
    if (!ended && last !== undefined) give(last)
    ended = true
    for (const wake of waiting) wake(done)
    waiting = []
  }
  return {
    end,
    push: (value) => {
      if (values.length === capacity) return false
      if (!ended) give(value)
      return true
    },
    iterator: {
      [Symbol.asyncIterator]() {
        return this
      },
      next: () => {
        const [value] = values.splice(0, 1)
        if (value !== undefined) return Promise.resolve({ done: false, value })
        if (ended) return Promise.resolve(done)
        return new Promise((resolve) => waiting.push(resolve))
      },
      return: () => {
        values = []
        if (!ended) {
          end()
          onReturn()
        }
        return Promise.resolve(done)
      },
    },
  }
}
