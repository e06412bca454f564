// The live channel: "this subgraph has newly published events", told to every process that follows it.
import type { Database } from '../database/pool.ts'
import type { Log } from '../log.ts'
import type { LiveChannel } from './live-channel.ts'
import { postgresLiveChannel } from './live-postgres.ts'
import { redisLiveChannel } from './live-redis.ts'

export type { LiveChannel } from './live-channel.ts'

export type LiveOptions = { redisUrl: string | undefined; databases: readonly Database[]; log: Log }

/** Over Redis if there is a `redisUrl`, else over PostgreSQL; `databases` are those of the subgraphs to be told of. */
export const openLiveChannel = ({ redisUrl, databases, log }: LiveOptions): LiveChannel =>
  redisUrl ? redisLiveChannel(redisUrl, log) : postgresLiveChannel(databases, log)
