// The live channel over PostgreSQL's LISTEN and NOTIFY, in each subgraph's own database.
import type { Database } from '../database/pool.ts'
import type { Log } from '../log.ts'
import { type LiveChannel, wakers } from './live-channel.ts'

const channelOf = (subgraph: string) => `switchyard_${subgraph}_live`

export function postgresLiveChannel(databases: readonly Database[], log: Log): LiveChannel {
  const listeners = wakers()
  const databaseOf = (subgraph: string) => {
    const database = databases.find(({ schema }) => schema === subgraph)
    if (!database) throw new Error(`The live channel was opened without the database of ${subgraph}.`)
    return database
  }
  // The database listens again by itself after a lost connection, also when the first attempt failed.
  async function subscribe(subgraph: string) {
    const wake = () => listeners.wake(subgraph)
    await databaseOf(subgraph)
      .listen(channelOf(subgraph), wake)
      .catch((error: unknown) => log.warn({ err: error, subgraph }, 'live events wait for the database'))
  }
  return {
    async announce(subgraph) {
      const { sql } = databaseOf(subgraph)
      // A notification alone need not wait for the disk.
      await sql`select set_config('synchronous_commit', 'off', true), pg_notify(${channelOf(subgraph)}, '')`.catch(
        (error: unknown) => log.warn({ err: error, subgraph }, 'live events are not announced'),
      )
    },
    async listen(subgraph, wake) {
      if (listeners.add(subgraph, wake)) await subscribe(subgraph)
      return async () => void listeners.remove(subgraph, wake)
    },
    // The connection that listens belongs to the database and ends with it.
    close: async () => undefined,
  }
}
