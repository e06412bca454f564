// What waits to be sent to one client, in order and bounded; reading it never keeps a reader that has left.

export type Queue<Item> = AsyncGenerator<Item, undefined, undefined> & {
  /** Adds an item; one too many ends the queue at once. */
  push(item: Item): void
  /** Lets what waits be read, and nothing more. */
  end(): void
}

type Options = { limit: number; onOverflow: () => void; onLeft: () => void }

/** Written by hand: in a generator, `return()` would wait behind a `next()` that may never come. */
export function createQueue<Item>({ limit, onOverflow, onLeft }: Options): Queue<Item> {
  const items: Item[] = []
  let isOver = false
  let wake: (() => void) | undefined

  const finish = () => {
    const isFirst = !isOver
    isOver = true
    wake?.()
    if (isFirst) onLeft()
  }
  const over = { done: true, value: undefined } as const

  const queue: Queue<Item> = {
    push(item) {
      if (isOver) return
      if (items.length >= limit) {
        onOverflow()
        items.length = 0
        return finish()
      }
      items.push(item)
      wake?.()
    },
    end: finish,
    async next() {
      while (items.length === 0 && !isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const [item] = items.splice(0, 1)
      return item === undefined ? over : { done: false, value: item }
    },
    async return() {
      items.length = 0
      finish()
      return over
    },
    async throw(error) {
      items.length = 0
      finish()
      throw error
    },
    [Symbol.asyncIterator]: () => queue,
    [Symbol.asyncDispose]: async () => void (await queue.return(undefined)),
  }
  return queue
}
