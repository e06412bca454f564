// How deep the queues are, asked when Prometheus asks.
import type { Metrics } from '../metrics.ts'
import type { Queues } from './queues.ts'

export function reportDepth({ queue: gauge }: Metrics, queues: Pick<Queues, 'depth'>): void {
  const collect = async () => {
    gauge.reset()
    // With the queues down there is nothing to report, and the scrape goes on.
    const depths = await queues.depth().catch(() => ({}))
    for (const [queue, states] of Object.entries(depths)) {
      for (const [state, jobs] of Object.entries(states)) gauge.set({ queue, state }, jobs)
    }
  }
  Object.assign(gauge, { collect })
}
