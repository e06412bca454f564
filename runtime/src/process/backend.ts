// Subgraphs at work in this process: what answers for them, what publishes their events and, if wanted, their jobs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/pool.ts'
import { openLiveChannel } from '../events/live.ts'
import { reactsTo } from '../events/reaction.ts'
import { startRelay } from '../events/relay.ts'
import { openQueues } from '../jobs/queues.ts'
import { openSources } from '../jobs/sources.ts'
import { startWorkers } from '../jobs/worker.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { SubgraphExecutor } from '../subgraph/executor.ts'
import { type RunningSubgraph, type Subgraph, startSubgraph } from '../subgraph/subgraph.ts'
import type { Databases } from './databases.ts'
import type { Part } from './run.ts'
import { workOf } from './work.ts'

export type BackendOptions = {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly databases: Databases
  /** The whole graph: who reacts to whose events. */
  readonly graph: readonly Subgraph[]
  /** Those of the graph that run here. */
  readonly here: readonly Subgraph[]
  /** How a subgraph that does not run here is asked. */
  readonly elsewhere: (subgraph: string) => SubgraphExecutor
  readonly works: boolean
}

export type Backend = {
  readonly subgraphs: readonly RunningSubgraph[]
  /** In the order in which they are to be drained. */
  readonly parts: readonly Part[]
  ready(): Promise<string>
}

/**
 * How long each part may take to drain, 14 s being left to the process: a database or Redis that does not answer must not
 * keep it. A job that takes longer is run again by another worker; what a relay has not committed, by another relay.
 */
const drainTimeoutMs = { workers: 6000, relays: 2000, queues: 1000, subgraphs: 3000 }

export function startBackend({ graph, here, elsewhere, works, databases, ...host }: BackendOptions): Backend {
  const { config, log, metrics, clock } = host
  const { redisUrl } = config
  const opened: Database[] = []
  const live = openLiveChannel({ redisUrl, databases: opened, log })
  const settings = { redisUrl, databaseUrl: databases.urlOf('jobs') }
  const queues = openQueues({ ...settings, names: graph.map(({ name }) => name), log })

  const peers = (name: string): SubgraphExecutor => subgraphs.find((one) => one.name === name) ?? elsewhere(name)
  const subgraphs: readonly RunningSubgraph[] = here.map((subgraph) =>
    startSubgraph(subgraph, { ...host, live, peers, databaseUrl: databases.urlOf }),
  )
  opened.push(...subgraphs.map(({ database }) => database))

  const consumersOf = (type: string) =>
    graph.filter(({ reactions }) => reactions.some((reaction) => reactsTo(reaction, type))).map(({ name }) => name)
  const relays = subgraphs.map(({ database }) =>
    startRelay({ database, live, queues, consumersOf, log, metrics, clock }),
  )
  const workers = works
    ? startWorkers({
        ...settings,
        subgraphs: subgraphs.map((one) => workOf(one, host)),
        sources: openSources(opened),
        log,
        metrics,
      })
    : undefined

  return {
    subgraphs,
    parts: [
      { name: 'workers', drain: () => within(drainTimeoutMs.workers, workers?.close()) },
      { name: 'relays', drain: () => within(drainTimeoutMs.relays, Promise.all(relays.map((one) => one.stop()))) },
      { name: 'queues', drain: () => within(drainTimeoutMs.queues, queues.close()) },
      { name: 'live channel', drain: () => live.close() },
      {
        name: 'subgraphs',
        drain: () => within(drainTimeoutMs.subgraphs, Promise.all(subgraphs.map((one) => one.stop()))),
      },
    ],
    ready: async () => {
      const states = await Promise.all(subgraphs.map((one) => one.ready()))
      return states.find((state) => state !== 'ok') ?? 'ok'
    },
  }
}

async function within(milliseconds: number, draining: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([draining, sleep(milliseconds, undefined, { ref: false })])
}
