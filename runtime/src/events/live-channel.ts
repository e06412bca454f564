// What a live channel is, over whatever it runs.

/** A hint, never the truth: it may be lost or repeated, so who listens also looks now and then by itself. */
export interface LiveChannel {
  /** Never throws: with the backend down, listeners find the events when they look by themselves. */
  announce(subgraph: string): Promise<void>
  /** Calls `wake` at each announcement, and once after each reconnection; resolves to what ends that. */
  listen(subgraph: string, wake: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

/** Who is to be woken, by subgraph. */
export function wakers() {
  const bySubgraph = new Map<string, Set<() => void>>()
  return {
    /** Whether this is the first listener that the subgraph ever had. */
    add(subgraph: string, wake: () => void): boolean {
      const first = !bySubgraph.has(subgraph)
      bySubgraph.set(subgraph, (bySubgraph.get(subgraph) ?? new Set()).add(wake))
      return first
    },
    remove: (subgraph: string, wake: () => void) => bySubgraph.get(subgraph)?.delete(wake),
    wake(subgraph: string): void {
      for (const wake of bySubgraph.get(subgraph) ?? []) wake()
    },
    subgraphs: () => [...bySubgraph.keys()],
  }
}
