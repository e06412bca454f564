// A real PostgreSQL of our own for machines that have none: made in `dataDir`, kept alive, shut down with us.
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Log } from '../log.ts'
import { takeDataLock } from '../process/data-lock.ts'
import { dataHome, serverAccount } from './embedded-account.ts'
import { findBinaries, runnableBinaries } from './embedded-binaries.ts'
import { ensureCluster, passwordOf, superuser } from './embedded-cluster.ts'
import { guardServer } from './embedded-guard.ts'
import {
  endWithProcess,
  readyPostmaster,
  runningPostmaster,
  startPostmaster,
  stopPostmaster,
} from './embedded-postmaster.ts'

export type EmbeddedPostgres = { readonly url: string; stop(): Promise<void> }

/** Starts the server of `dataDir`, or adopts it; `commons` is where it lives when its account may not enter there. */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  commons = '/var/lib/switchyard',
}: {
  dataDir: string
  log: Log
  commons?: string
}): Promise<EmbeddedPostgres> {
  const found = await findBinaries()
  const account = serverAccount(dataDir)
  const home = await dataHome(dataDir, account, commons)
  if (home !== realpathSync(dataDir))
    log.info({ home }, 'the account that runs PostgreSQL may not enter DATA_DIR: data is here')
  const release = takeDataLock(join(home, 'lock'))
  try {
    const binaries = await runnableBinaries(found, account, commons)
    await ensureCluster(home, binaries, account)
    const server = (await adopted(home, log)) ?? (await startPostmaster(home, binaries, account))
    const url = await openDatabase(server.port, await passwordOf(home))
    const guard = guardServer(home)
    const watch = keepAlive(home, log, () => startPostmaster(home, binaries, account))
    let stopped: Promise<void> | undefined
    const stop = async () => {
      await watch.stop()
      await stopPostmaster(home)
      release()
      guard.dismiss()
    }
    return {
      url,
      stop: () => {
        stopped ??= stop()
        return stopped
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

/** The server that a killed process left running; one that is on its way down is waited for instead. */
async function adopted(home: string, log: Log) {
  const server = await readyPostmaster(home, async () => !(await runningPostmaster(home)))
  if (!server) return undefined
  endWithProcess(server)
  log.info({ pid: server.pid }, 'took over the PostgreSQL that an earlier process left running')
  return server
}

async function openDatabase(port: number, password: string): Promise<string> {
  const url = (database: string) => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`
  const sql = postgres(url('postgres'), { max: 1, onnotice: () => undefined })
  try {
    const [there] = await sql`select from pg_database where datname = 'switchyard'`
    if (!there) await sql`create database switchyard`
  } finally {
    await sql.end()
  }
  return url('switchyard')
}

/** Starts the server again, on the same port, when something else than us has ended it. */
function keepAlive(home: string, log: Log, start: () => Promise<unknown>) {
  const stopped = new AbortController()
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      await sleep(500, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined)
      if (stopped.signal.aborted || (await runningPostmaster(home))) continue
      log.error('PostgreSQL has ended unexpectedly: starting it again')
      await start().catch((error: unknown) => log.error(error, 'PostgreSQL does not start'))
    }
  })()
  return {
    stop: () => {
      stopped.abort()
      return watching
    },
  }
}
