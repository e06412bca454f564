// Who may connect: pages of our own and of the allowed origins, and not without end from one address or viewer.
import type { IncomingMessage } from 'node:http'

/** Browsers say where a page comes from, other clients say nothing; a page of ours names the host it was served from. */
export function comesFromAllowedPage({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = headers
  return origin === undefined || origins.includes(origin) || hostOf(origin) === host
}

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined)

/** Adds up what is open by a key; `take` answers how to give it back, or undefined when less than that is left. */
export function places(limit: number) {
  const taken = new Map<string, number>()
  return {
    take(key: string, amount = 1): (() => void) | undefined {
      const count = taken.get(key) ?? 0
      if (count + amount > limit) return undefined
      taken.set(key, count + amount)
      let isGiven = false
      return () => {
        if (isGiven) return
        isGiven = true
        const left = (taken.get(key) ?? amount) - amount
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
