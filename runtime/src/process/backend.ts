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
import { type Check, dependencyCheck, readiness } from './readiness.ts'
import { redisCheck } from './redis-check.ts'
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
  /** Whether requests are answered here; else, without its queues, the process can do nothing. */
  readonly serves?: boolean
}

export type Backend = {
  readonly subgraphs: readonly RunningSubgraph[]
  /** In the order in which they are to be drained. */
  readonly parts: readonly Part[]
  readonly ready: Check
}

/**
 * How long each part may take to drain, of the 10 s that all parts of a process have: a database or Redis that does not answer must not
 * keep it. A job that takes longer is run again by another worker; what a relay has not committed, by another relay.
 */
const drainTimeoutMs = { workers: 4500, relays: 1000, queues: 500, subgraphs: 1500 }

/** By then, all that is well has connected. */
const firstCheckMs = 3000

export function startBackend({
  graph,
  here,
  elsewhere,
  works,
  serves = true,
  databases,
  ...host
}: BackendOptions): Backend {
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

  const failing = serves ? 'degraded' : 'unavailable'
  const redis = redisUrl === undefined ? undefined : redisCheck(redisUrl, failing, log)
  const checks = [
    postgresCheck(subgraphs),
    ...(redis ? [redis.check] : []),
    dependencyCheck({ name: 'queues', failing }, async () => sentence(await queues.unanswered(), 'no answer')),
    ...(workers
      ? [dependencyCheck({ name: 'workers', failing }, async () => sentence(workers.idle(), 'not running'))]
      : []),
  ]
  const ready = readiness(checks, log)
  // What is wrong from the beginning is logged although nobody asks.
  const first = setTimeout(ready, firstCheckMs).unref()

  return {
    subgraphs,
    parts: [
      { name: 'workers', drain: () => within(drainTimeoutMs.workers, workers?.close()) },
      { name: 'relays', drain: () => within(drainTimeoutMs.relays, Promise.all(relays.map((one) => one.stop()))) },
      { name: 'queues', drain: () => within(drainTimeoutMs.queues, queues.close()) },
      { name: 'live channel', drain: () => live.close() },
      {
        name: 'readiness',
        async drain() {
          clearTimeout(first)
          redis?.close()
        },
      },
      {
        name: 'subgraphs',
        drain: () => within(drainTimeoutMs.subgraphs, Promise.all(subgraphs.map((one) => one.stop()))),
      },
    ],
    ready,
  }
}

const sentence = (names: readonly string[], reason: string) =>
  names.length === 0 ? 'ok' : `${names.join(', ')}: ${reason}`

const postgresCheck =
  (subgraphs: readonly RunningSubgraph[]): Check =>
  async () => {
    const found = await Promise.all(subgraphs.map(async (one) => [one.name, await one.ready()] as const))
    const silent = found.filter(([, { status }]) => status !== 'ok').map(([name]) => name)
    const postgres = sentence(silent, 'does not answer')
    return { status: postgres === 'ok' ? 'ok' : 'unavailable', dependencies: { postgres } }
  }

async function within(milliseconds: number, draining: Promise<unknown> | undefined): Promise<void> {
  await Promise.race([draining, sleep(milliseconds, undefined, { ref: false })])
}
