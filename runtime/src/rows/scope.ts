// What a store is made from: a connection or a transaction, the viewer whose rows it may show, and the time.
import type { Clock } from '../clock.ts'
import type { Db } from '../database/pool.ts'
import type { SubgraphExecutor } from '../subgraph/executor.ts'
import type { Viewer } from '../viewer/viewer.ts'
import type { Journal } from './journal.ts'

export type Scope = {
  /** The subgraph, and so the schema of its tables. */
  readonly subgraph: string
  readonly db: Db
  readonly viewer: Viewer
  readonly clock: Clock
  /** How another subgraph is asked, by its name. */
  readonly peers: (subgraph: string) => SubgraphExecutor
  /** Aborted when nobody waits for the operation any longer, or its time is over. */
  readonly signal?: AbortSignal | undefined
  /** DataLoaders of this operation, by what they load. */
  readonly loaders: Map<string, unknown>
  /** What this transaction has written; undefined outside of one. */
  readonly journal: Journal | undefined
}

/** The scope's own loader under this name, made at its first use. */
export function loaderOf<Loader>(scope: Scope, name: string, make: () => Loader): Loader {
  const known = scope.loaders.get(name) as Loader | undefined
  if (known) return known
  const made = make()
  scope.loaders.set(name, made)
  return made
}
