// The relay of a subgraph: what its transactions recorded becomes published events, and jobs in the queues.
import type { Clock } from '../clock.ts'
import type { Database } from '../database/pool.ts'
import { watchPendingJobs } from '../jobs/pending.ts'
import type { Queues } from '../jobs/queues.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { LiveChannel } from './live-channel.ts'
import { enqueueBatch, enqueueOwed } from './relay-enqueue.ts'
import { countUnpublished, publish, publishBatch } from './relay-publish.ts'
import { startRounds } from './rounds.ts'

export type RelayOptions = {
  readonly database: Database
  readonly live: LiveChannel
  readonly queues: Pick<Queues, 'add'>
  /** The subgraphs that react to events of this type. */
  readonly consumersOf: (type: string) => readonly string[]
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
}

export type Relay = { wake(): void; stop(): Promise<void> }

/**
 * Starts the relay. Any number may run for one subgraph: a lock elects one for each pass. Publishing waits for
 * nothing but the database; enqueueing goes its own way, so that queues that are down hold nothing else up.
 */
export function startRelay({ database, live, queues, consumersOf, log, metrics, clock }: RelayOptions): Relay {
  let measured = 0

  async function publishAll() {
    for (;;) {
      const published = await publish(database, consumersOf)
      // Whoever holds the lock may have looked before our events were committed.
      if (published === 'elsewhere') return void setTimeout(publishing.wake, 20)
      if (published.events > 0) void live.announce(database.schema)
      if (published.dispatches > 0) enqueueing.wake()
      if (published.events < publishBatch) break
    }
    if (Date.now() - measured < 1000) return
    measured = Date.now()
    metrics.outbox.set({ subgraph: database.schema }, await countUnpublished(database))
  }

  async function enqueueAll() {
    while ((await enqueueOwed(database, queues, clock, log)) === enqueueBatch);
  }

  const publishing = startRounds({ every: 1000, work: publishAll, failed: 'events wait to be published', log })
  const enqueueing = startRounds({ every: 1000, work: enqueueAll, failed: 'jobs wait for their queue', log })
  const pending = watchPendingJobs({ database, log, metrics })
  const wake = () => {
    publishing.wake()
    enqueueing.wake()
  }
  // The database listens again by itself after a lost connection, also when the first attempt failed.
  const listening = database.listen(`switchyard_${database.schema}_outbox`, wake)
  listening.catch((error: unknown) => log.warn({ err: error }, 'the relay waits for the database'))

  return {
    wake,
    async stop() {
      await Promise.all([publishing.stop(), enqueueing.stop(), pending.stop()])
      const unlisten = await listening.catch(() => undefined)
      await unlisten?.().catch(() => undefined)
    },
  }
}
