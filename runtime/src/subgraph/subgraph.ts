// A subgraph as a value: what it is made of, and how it is started in a process.
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { StoreMakers } from '../context/context.ts'
import { type ContextHost, openContext } from '../context/open-context.ts'
import { type Database, type Db, openDatabase } from '../database/pool.ts'
import { type Follower, followOutbox } from '../events/follower.ts'
import type { LiveChannel } from '../events/live.ts'
import type { Reaction } from '../events/reaction.ts'
import type { Job } from '../jobs/job.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Law } from '../permissions/law.ts'
import { type Check, dependencyCheck } from '../process/readiness.ts'
import { upkeepOf } from '../rows/mirror.ts'
import type { SubgraphExecutor } from './executor.ts'
import { localExecutor } from './local.ts'
import { type Route, visitsTo } from './route.ts'
import { executableSchema, readTypeDefs } from './schema.ts'

export type Parts = {
  readonly stores: StoreMakers
  readonly resolvers: readonly object[]
  readonly permissions: Law
  readonly reactions?: readonly Reaction[]
  readonly jobs?: readonly Job[]
  /** What it serves beside GraphQL, each below a prefix that no other subgraph has. */
  readonly routes?: readonly Route[]
  /** What else its resolvers are handed, made once a process; what can be disposed of is, when the process ends. */
  readonly services?: (host: Host) => object
  /** Rows that it cannot do without, put in place after each migration; runs more than once. */
  readonly install?: (db: Db) => Promise<void>
}

export type Subgraph = Required<Parts> & { readonly name: string }

/** What a process gives to the subgraphs that it runs. */
export type Host = {
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly live: LiveChannel
  readonly databaseUrl: (subgraph: string) => string
  /** How another subgraph is asked, by its name. */
  readonly peers: (subgraph: string) => SubgraphExecutor
}

export type RunningSubgraph = SubgraphExecutor & {
  readonly subgraph: Subgraph
  readonly database: Database
  readonly follower: Follower
  /** Contexts for work that no request asked for: jobs and reactions. */
  readonly open: (origin: Parameters<typeof openContext>[1]) => ReturnType<typeof openContext>
  readonly ready: Check
  stop(): Promise<void>
}

/** What it declares, and what keeps its mirrors current. */
export function subgraph(name: string, { reactions = [], jobs = [], ...parts }: Parts): Subgraph {
  const upkeep = upkeepOf(parts.stores)
  return {
    name,
    routes: [],
    services: () => ({}),
    install: async () => undefined,
    ...parts,
    reactions: [...upkeep.reactions, ...reactions],
    jobs: [...upkeep.jobs, ...jobs],
  }
}

export function startSubgraph(subgraph: Subgraph, host: Host): RunningSubgraph {
  const { name } = subgraph
  const log = host.log.child({ subgraph: name })
  const database = openDatabase({
    url: host.databaseUrl(name),
    schema: name,
    max: host.config.databasePool,
    statementTimeout: host.config.statementTimeout,
    log,
    metrics: host.metrics,
  })
  const follower = followOutbox({ database, live: host.live, log })
  const services = subgraph.services(host)
  const contextHost: ContextHost = {
    subgraph: name,
    database,
    follower,
    clock: host.clock,
    log,
    stores: subgraph.stores,
    services,
    peers: host.peers,
  }
  const open: RunningSubgraph['open'] = (origin) => openContext(contextHost, origin)
  const schema = executableSchema(readTypeDefs(name), subgraph.resolvers, subgraph.permissions)
  return {
    ...localExecutor({ name, schema, log, timeout: host.config.subgraphTimeout, createContext: open }),
    visit: visitsTo(subgraph.routes, { open, log }),
    subgraph,
    database,
    follower,
    open,
    ready: dependencyCheck({ name: 'postgres', failing: 'unavailable' }, async () => {
      await database.sql`select 1`
      return 'ok'
    }),
    async stop() {
      await follower.close()
      for (const service of Object.values(services))
        await (service as Partial<AsyncDisposable>)?.[Symbol.asyncDispose]?.()
      await database.close()
    },
  }
}
