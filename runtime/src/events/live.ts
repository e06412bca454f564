// The live channel: "this subgraph has newly published events", told to every process that follows it.
import type { Database } from '../database/pool.ts'
import type { Log } from '../log.ts'
import { postgresLiveChannel } from './live-postgres.ts'
import { redisLiveChannel } from './live-redis.ts'

/** A hint, never the truth: it may be lost or repeated, so who listens also looks now and then by itself. */
export interface LiveChannel {
  /** Never throws: with the backend down, listeners find the events when they look by themselves. */
  announce(subgraph: string): Promise<void>
  /** Calls `wake` at each announcement, and once after each reconnection; resolves to what ends that. */
  listen(subgraph: string, wake: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

export type LiveOptions = { redisUrl: string | undefined; databases: readonly Database[]; log: Log }

export const openLiveChannel = ({ redisUrl, databases, log }: LiveOptions): LiveChannel =>
  redisUrl ? redisLiveChannel(redisUrl, log) : postgresLiveChannel(databases, log)

/** Who is to be woken, by subgraph. */
export function wakers() {
  const bySubgraph = new Map<string, Set<() => void>>()
  return {
    /** Whether this is the first listener of the subgraph. */
    add(subgraph: string, wake: () => void): boolean {
      const first = !bySubgraph.has(subgraph)
      bySubgraph.set(subgraph, (bySubgraph.get(subgraph) ?? new Set()).add(wake))
      return first
    },
    remove: (subgraph: string, wake: () => void) => bySubgraph.get(subgraph)?.delete(wake),
    wake: (subgraph: string) => bySubgraph.get(subgraph)?.forEach((wake) => wake()),
    subgraphs: () => [...bySubgraph.keys()],
  }
}
