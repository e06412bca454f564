// The server process of the embedded PostgreSQL: started apart from us, known by its pid file, adopted when it
// outlived the process that started it.
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './embedded-account.ts'
import type { Binaries } from './embedded-binaries.ts'
import { choosePort, clusterIn } from './embedded-cluster.ts'

export type Postmaster = { readonly pid: number; readonly port: number; readonly status: string }

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=400',
  'timezone=UTC',
  'log_timezone=UTC',
  // Failed statements are the caller's to report, and hold personal data; LOG keeps starts and stops.
  'log_min_messages=log',
]

const logIn = (home: string) => join(home, 'postgres.log')

/** The server of this cluster that is alive, whoever started it; a pid file that it left by dying is removed. */
export async function runningPostmaster(home: string): Promise<Postmaster | undefined> {
  const file = join(clusterIn(home), 'postmaster.pid')
  const content = await readFile(file, 'utf8').catch(() => '')
  const [pid, , , port, , , , status] = content.split('\n')
  if (!pid) return undefined
  if (await serves(Number(pid), home)) return { pid: Number(pid), port: Number(port), status: status?.trim() ?? '' }
  // PostgreSQL itself refuses to start when another process has inherited the number.
  await rm(file, { force: true })
  return undefined
}

async function serves(pid: number, home: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  if (process.platform !== 'linux') return true
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').includes(clusterIn(home))
}

/** Starts the server and waits until it takes connections, however long the recovery after a crash may be. */
export async function startPostmaster(home: string, binaries: Binaries, account?: Account): Promise<Postmaster> {
  for (let attempt = 1; ; attempt++) {
    const hasEnded = spawnPostmaster(home, binaries, await choosePort(home), account)
    const server = await readyPostmaster(home, hasEnded)
    if (server) return server
    const said = await readFile(logIn(home), 'utf8').catch(() => '')
    // Somebody may have taken the port meanwhile, or a killed server's children still hold its memory.
    if (attempt === 5) throw new Error(`PostgreSQL did not start: ${said.trim() || 'it said nothing'}`)
    await sleep(300)
  }
}

/** Servers that end when this process does, however it comes to its end, and the signal that makes them. */
const dependents = new Map<number, NodeJS.Signals>()
process.once('exit', () => {
  for (const [pid, name] of dependents) signal(pid, name)
})

/** From now on the server does not outlive this process, except when that is killed; see embedded-guard.ts. */
export const endWithProcess = ({ pid }: Pick<Postmaster, 'pid'>): void => void dependents.set(pid, 'SIGINT')

function spawnPostmaster(home: string, binaries: Binaries, port: number, account?: Account): () => boolean {
  const output = openSync(logIn(home), 'w')
  const options = [`port=${port}`, ...settings].flatMap((setting) => ['-c', setting])
  let ended = false
  const server = spawn(binaries.postgres, ['-D', clusterIn(home), ...options], {
    ...account,
    cwd: home,
    env: {},
    // A group of its own: Ctrl-C is for us, and the server must live until we have drained.
    detached: true,
    stdio: ['ignore', output, output],
  })
  const { pid } = server
  const end = () => {
    ended = true
    if (pid !== undefined) dependents.delete(pid)
  }
  if (pid !== undefined) endWithProcess({ pid })
  server.once('exit', end).once('error', end).unref()
  closeSync(output)
  return () => ended
}

/** The server once it takes connections; undefined when it has ended instead. */
export async function readyPostmaster(
  home: string,
  hasEnded: () => boolean | Promise<boolean>,
): Promise<Postmaster | undefined> {
  while (!(await hasEnded())) {
    const server = await runningPostmaster(home)
    if (server?.status === 'ready') return server
    await sleep(20)
  }
  return undefined
}

/** Shuts down without waiting for clients; one that does not end in ten seconds is cut off and recovers later. */
export async function stopPostmaster(home: string): Promise<void> {
  const deadline = Date.now() + 10_000
  const server = await runningPostmaster(home)
  if (server) {
    signal(server.pid, 'SIGINT')
    // a process that cannot wait any longer does not ask a second time
    dependents.set(server.pid, 'SIGQUIT')
  }
  while (await runningPostmaster(home)) {
    if (server && Date.now() > deadline) signal(server.pid, 'SIGQUIT')
    await sleep(20)
  }
  if (server) dependents.delete(server.pid)
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
