// Bounds how much work runs at once, in all and for each viewer, and takes turns among those who wait.
import type { Gauge } from 'prom-client'

export type FairQueueOptions = {
  readonly maxRunning: number
  readonly maxRunningPerKey: number
  readonly maxWaitingPerKey?: number
  readonly gauge: Pick<Gauge<'state'>, 'inc' | 'dec'>
}

export type Release = () => void

type Waiter = { readonly start: () => void }
type Line = { running: number; readonly waiting: Set<Waiter> }

export type FairQueue = ReturnType<typeof createFairQueue>

export function createFairQueue(options: FairQueueOptions) {
  const { maxRunning, maxRunningPerKey, maxWaitingPerKey = Number.POSITIVE_INFINITY, gauge } = options
  // in the order of their turns
  const lines = new Map<string, Line>()
  let running = 0
  let isScheduled = false

  /** One start in each turn of the event loop, so that requests which have come meanwhile are served in between. */
  function schedule() {
    if (isScheduled || running >= maxRunning) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      if (startNext()) schedule()
    })
  }

  function startNext(): boolean {
    for (const [key, line] of lines) {
      const [first] = line.waiting
      if (!first || line.running >= maxRunningPerKey) continue
      line.waiting.delete(first)
      lines.delete(key)
      lines.set(key, line)
      line.running++
      running++
      first.start()
      return true
    }
    return false
  }

  function leave(key: string, line: Line) {
    line.running--
    running--
    forgetEmpty(key, line)
    schedule()
  }

  function forgetEmpty(key: string, line: Line) {
    if (line.running === 0 && line.waiting.size === 0) lines.delete(key)
  }

  /** Resolves to what ends its turn; to undefined where the signal was aborted before. */
  function enter(key: string, signal: AbortSignal): Promise<Release | undefined> {
    if (signal.aborted) return Promise.resolve(undefined)
    const line = lines.get(key) ?? { running: 0, waiting: new Set() }
    lines.set(key, line)
    gauge.inc({ state: 'waiting' })
    return new Promise((resolve) => {
      const abort = () => {
        if (!line.waiting.delete(waiter)) return
        gauge.dec({ state: 'waiting' })
        forgetEmpty(key, line)
        resolve(undefined)
      }
      const waiter: Waiter = {
        start() {
          signal.removeEventListener('abort', abort)
          gauge.dec({ state: 'waiting' })
          gauge.inc({ state: 'running' })
          resolve(
            once(() => {
              gauge.dec({ state: 'running' })
              leave(key, line)
            }),
          )
        },
      }
      signal.addEventListener('abort', abort, { once: true })
      line.waiting.add(waiter)
      schedule()
    })
  }

  /** How much a key has running and waiting. */
  function load(key: string): number {
    const line = lines.get(key)
    return line ? line.running + line.waiting.size : 0
  }

  return {
    enter,

    /** Does the work when its turn comes; undefined where the signal was aborted before. */
    async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
      const release = await enter(key, signal)
      if (!release) return undefined
      try {
        return await work()
      } finally {
        release()
      }
    },

    /** Whether who comes now has to wait. */
    isBusy: (key: string): boolean => load(key) >= maxRunningPerKey,

    /** Whether as many wait as may. */
    isFull: (key: string): boolean => load(key) >= maxRunningPerKey + maxWaitingPerKey,

    load,
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}
