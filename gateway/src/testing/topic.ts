// Events for a test's subscriptions: whoever listens gets what is published from then on.

export function topic<Event>() {
  const listeners = new Set<(event: Event) => void>()
  const endings = new Set<() => void>()

  return {
    listeners: () => listeners.size,
    publish(event: Event) {
      for (const listener of listeners) listener(event)
    },
    /** Ends every stream, as a subgraph does that is going away. */
    end() {
      for (const end of [...endings]) end()
    },
    stream(): AsyncIterableIterator<Event> {
      const waiting: Event[] = []
      let wake: (() => void) | undefined
      let isOver = false
      const listener = (event: Event) => {
        waiting.push(event)
        wake?.()
      }
      const end = () => {
        isOver = true
        listeners.delete(listener)
        endings.delete(end)
        wake?.()
      }
      listeners.add(listener)
      endings.add(end)
      const stream: AsyncIterableIterator<Event> = {
        [Symbol.asyncIterator]: () => stream,
        async next() {
          while (waiting.length === 0 && !isOver) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
          const [event] = waiting.splice(0, 1)
          return event === undefined ? { done: true, value: undefined } : { done: false, value: event }
        },
        async return() {
          end()
          return { done: true, value: undefined }
        },
      }
      return stream
    },
  }
}
