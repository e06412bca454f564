// Work that is done again whenever it is woken, and every so often unasked: one round at a time, until stopped.
import type { Log } from '../log.ts'

export type Rounds = { wake(): void; stop(): Promise<void> }

export type RoundsOptions = {
  /** Milliseconds after which a round is done unasked. */
  readonly every: number
  readonly work: () => Promise<unknown>
  /** What is said when a round fails. */
  readonly failed: string
  readonly log: Log
}

const longestRest = 2000

/** Starts the rounds; a failed one is done again after a rest that grows, whoever wakes it meanwhile. */
export function startRounds({ every, work, failed, log }: RoundsOptions): Rounds {
  let stopped = false
  let woken = false
  let rouse = () => {}

  const rest = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  async function go() {
    let failures = 0
    while (!stopped) {
      woken = false
      try {
        await work()
        failures = 0
        if (!woken && !stopped) await rest(every)
      } catch (error) {
        if (stopped) return
        log.warn({ err: error, failures }, failed)
        const until = Date.now() + Math.min(50 * 2 ** failures++, longestRest)
        while (!stopped && Date.now() < until) await rest(until - Date.now())
      }
    }
  }

  const going = go()
  return {
    wake() {
      woken = true
      rouse()
    },
    stop() {
      stopped = true
      rouse()
      return going
    },
  }
}
