// The data of the embedded PostgreSQL on disk: a cluster made whole or not at all, its password and its port.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './embedded-account.ts'
import type { Binaries } from './embedded-binaries.ts'

const run = promisify(execFile)

export const superuser = 'switchyard'

export const clusterIn = (home: string) => join(home, 'cluster')

export const passwordOf = (home: string) => readFile(join(home, 'password'), 'utf8')

/** Makes the cluster when there is none; one that an interrupted start left half made is thrown away. */
export async function ensureCluster(home: string, binaries: Binaries, account: Account | undefined): Promise<void> {
  const cluster = clusterIn(home)
  if (existsSync(cluster)) return refuseForeignVersion(cluster, binaries)
  const left = await readdir(home)
  await Promise.all(
    left.filter((name) => name.startsWith('unfinished-')).map((name) => rm(join(home, name), { recursive: true })),
  )
  const password = join(home, 'password')
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (account) await chown(password, account.uid, account.gid)
  const draft = join(home, `unfinished-${process.pid}`)
  const options = ['-U', superuser, '--pwfile', password, '--auth', 'scram-sha-256', '--no-instructions']
  await run(binaries.initdb, ['-D', draft, ...options, ...locale()], { ...account, cwd: home, env: {} })
  await rename(draft, cluster)
}

/** The built-in provider sorts alike on every machine; pg_trgm still asks the C library what a letter is. */
function locale(): string[] {
  const ctype = { linux: ['--lc-ctype=C.UTF-8'], darwin: ['--lc-ctype=en_US.UTF-8'] }[process.platform as string] ?? []
  return ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', ...ctype]
}

async function refuseForeignVersion(cluster: string, binaries: Binaries) {
  const theirs = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()
  const ours = binaries.version.split('.')[0]
  if (theirs === ours) return
  throw new Error(
    `The data in ${cluster} is PostgreSQL ${theirs}'s and this is PostgreSQL ${ours}: dump and restore it.`,
  )
}

/** The port of the last start when it is still free, so that the address stays the same; otherwise a new one. */
export async function choosePort(home: string): Promise<number> {
  const file = join(home, 'port')
  const kept = existsSync(file) ? Number(await readFile(file, 'utf8')) : 0
  const port = await listenOnce(kept).catch(() => listenOnce(0))
  await writeFile(file, String(port))
  return port
}

const listenOnce = (port: number) =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
