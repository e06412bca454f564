// Where each subgraph's data lives: a server that the environment names, else the embedded one, started here.
import { join } from 'node:path'
import { makeDataDir } from '../config/data-dir.ts'
import { type Config, ConfigError } from '../config.ts'
import { startEmbeddedPostgres } from '../database/embedded.ts'
import type { Log } from '../log.ts'

export type Databases = { urlOf(subgraph: string): string; stop(): Promise<void> }

/** For a process that has the data to itself; starts the embedded PostgreSQL when any subgraph has no address. */
export async function ownDatabases(config: Config, subgraphs: readonly string[], log: Log): Promise<Databases> {
  if (subgraphs.every((name) => config.databaseUrl(name))) return namedDatabases(config)
  makeDataDir(config.dataDir)
  const embedded = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log })
  return { urlOf: (name) => config.databaseUrl(name) ?? embedded.url, stop: embedded.stop }
}

/** For a process beside others: an embedded server would be its alone, and the others would look elsewhere. */
export function namedDatabases(config: Config): Databases {
  return {
    urlOf: (name) => {
      const url = config.databaseUrl(name)
      if (url) return url
      throw new ConfigError(`DATABASE_URL: must be set for a process that runs beside others (it needs ${name})`)
    },
    stop: async () => undefined,
  }
}
