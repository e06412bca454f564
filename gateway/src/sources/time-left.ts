// How long an operation may still fetch: many slow subgraphs in a row must not add up to more than one client waits for.
import type { RequestContext } from '../request.ts'

export type TimeLeft = (context: RequestContext) => number

/** Milliseconds; each operation's run from its first fetch. */
export function timeLeft(milliseconds: number, now = () => performance.now()): TimeLeft {
  const ends = new WeakMap<RequestContext, number>()
  return (context) => {
    const end = ends.get(context)
    if (end !== undefined) return end - now()
    ends.set(context, now() + milliseconds)
    return milliseconds
  }
}
