// How the demo company does its work: through the graph, as its people, each step once however often it is begun anew.
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'

export type Ask = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>

/**
 * Asks a subgraph as this viewer. With a `chapter`, the n-th question carries the Idempotency-Key `demo-<chapter>-<n>`,
 * so that a demo world whose making was interrupted is finished by making it again.
 */
export function asker(subgraph: SubgraphExecutor, viewer: Viewer, chapter?: string): Ask {
  let asked = 0
  return async <Data>(query: string, variables: Record<string, unknown> = {}) => {
    asked += 1
    const idempotencyKey = chapter && `demo-${chapter}-${asked}`
    const { data, errors } = await subgraph.execute({ query, variables, viewer, requestId: 'demo', idempotencyKey })
    if (errors?.length || !data) throw new Error(`The demo world met ${JSON.stringify(errors)} when it asked ${query}`)
    return data as Data
  }
}
