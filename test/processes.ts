// Switchyard as its operators run it: processes of `main.ts`, all in one or spread out.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { clonedDatabase, type TestDatabase } from '@switchyard/runtime/testing/database'
import { testLogFile } from '@switchyard/runtime/testing/log'
import { redisInstalled, startRedis, type TestRedis } from '@switchyard/runtime/testing/redis'
import postgres from 'postgres'
import { graph } from '../graph.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

type Environment = Readonly<Record<string, string>>

export type Process = {
  readonly port: number
  /** What it has written so far. */
  output(): string
  ready(): Promise<void>
  /** Sends the signal and waits for the end; resolves to the exit code, null for a process that was killed. */
  end(signal?: NodeJS.Signals): Promise<number | null>
  start(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address !== 'object') throw new Error('There is no free port.')
  return address.port
}

/** Children do not outlive the tests, also where these are cut short. */
const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})
for (const end of ['SIGTERM', 'disconnect'] as const) process.once(end, () => process.exit(1))

function launched(args: readonly string[], environment: Environment) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  living.add(child)
  child.once('exit', () => living.delete(child))
  keepLog(child)
  return child
}

/** Adds what it has written to the log of the run, when it has ended. */
function keepLog(child: ChildProcess): void {
  const file = testLogFile()
  if (!file) return
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  child.once('close', () => appendFileSync(file, `${output}\n`))
}

/** A process that is not started yet; it keeps its port over its restarts. */
function processOf(args: readonly string[], port: number, environment: Environment): Process {
  let child: ChildProcess | undefined
  let output = ''
  const url = `http://127.0.0.1:${port}/ready`
  const self: Process = {
    port,
    output: () => output,
    async start() {
      child = launched(args, { LOG_LEVEL: 'info', ...environment, PORT: String(port) })
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
      await self.ready().catch(async (error: unknown) => {
        await self.end('SIGKILL')
        throw error
      })
    },
    async ready() {
      for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
        if (child?.exitCode != null) throw new Error(`${args.join(' ')} has ended with ${child.exitCode}:\n${output}`)
        const response = await fetch(url).catch(() => undefined)
        if (response?.ok) return
      }
      throw new Error(`${args.join(' ')} is not ready:\n${output}`)
    },
    async end(signal = 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
      const exit = once(child, 'exit')
      child.kill(signal)
      const [code] = (await exit) as [number | null]
      return code
    },
  }
  return self
}

export type Shape = {
  readonly url: string
  readonly databaseUrl: string
  readonly processes: Readonly<Record<string, Process>>
  readonly redis: TestRedis | undefined
  /** Terminates every connection of a subgraph from the database's side. */
  cut(subgraph: string): Promise<void>
  /** The rows of a statement, asked of the database itself. */
  rows(statement: string): Promise<readonly Record<string, unknown>[]>
  end(): Promise<void>
}

const settings = {
  AUTH_SECRET: 'a'.repeat(32),
  INTERNAL_SECRET: 'b'.repeat(32),
  SUBGRAPH_TIMEOUT_MS: '3000',
  RATE_LIMIT_ANONYMOUS: '1000000',
  RATE_LIMIT_VIEWER: '1000000',
}

async function rowsOf(url: string, statement: string) {
  const sql = postgres(url, { max: 1 })
  try {
    return await sql.unsafe(statement)
  } finally {
    await sql.end()
  }
}

function folder(ends: AsyncDisposableStack, name: string): string {
  const path = mkdtempSync(join(tmpdir(), `switchyard-${name}-`))
  ends.defer(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** What was begun is ended in reverse: when somebody asks for it, or at once where the start fails. */
async function begun(begin: (ends: AsyncDisposableStack) => Promise<Omit<Shape, 'end'>>): Promise<Shape> {
  const ends = new AsyncDisposableStack()
  try {
    return { ...(await begin(ends)), end: () => ends.disposeAsync() }
  } catch (error) {
    await ends.disposeAsync()
    throw error
  }
}

/** A copy of the demo world, which takes many seconds to be made: once for all who start from it. */
export const demoDatabase = (): Promise<TestDatabase> =>
  clonedDatabase('the demo world', async (url) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-demo-'))
    await runToItsEnd(['migrate'], { ...settings, DATABASE_URL: url, DATA_DIR: dataDir })
    await runToItsEnd(['seed'], { ...settings, DATABASE_URL: url, DATA_DIR: dataDir })
    rmSync(dataDir, { recursive: true, force: true })
  })

/** Jobs that were queued while it was made are queued in PostgreSQL; with Redis they are owed anew. */
async function oweAgain(database: TestDatabase): Promise<void> {
  for (const { name } of graph) await database.run(`update ${name}.dispatches set owed_at = now()`)
}

/** One process with everything in it, on the tests' PostgreSQL, which it reaches at the address that `via` makes of it. */
export const allInOne = (environment: Environment = {}, via = async (url: string) => url): Promise<Shape> =>
  begun((ends) => beginAllInOne(environment, via, ends))

async function beginAllInOne(
  environment: Environment,
  via: (url: string) => Promise<string>,
  ends: AsyncDisposableStack,
): Promise<Omit<Shape, 'end'>> {
  const database = await demoDatabase()
  ends.defer(database.drop)
  if (environment.REDIS_URL) await oweAgain(database)
  const dataDir = folder(ends, 'all')
  const all = processOf([], await freePort(), {
    ...settings,
    DATABASE_URL: await via(database.url),
    DATA_DIR: dataDir,
    ...environment,
  })
  await all.start()
  ends.defer(async () => void (await all.end()))
  return {
    url: `http://127.0.0.1:${all.port}`,
    databaseUrl: database.url,
    processes: Object.fromEntries(['gateway', 'worker', ...graph.map(({ name }) => name)].map((name) => [name, all])),
    redis: undefined,
    cut: (subgraph) => database.cut(`switchyard ${subgraph}`),
    rows: (statement) => rowsOf(database.url, statement),
  }
}

/** A process a role, over HTTP and, where it is installed, Redis. */
export const spreadOut = (environment: Environment = {}): Promise<Shape> =>
  begun((ends) => beginSpreadOut(environment, ends))

async function beginSpreadOut(environment: Environment, ends: AsyncDisposableStack): Promise<Omit<Shape, 'end'>> {
  const database = await demoDatabase()
  ends.defer(database.drop)
  const redis = redisInstalled() ? await startRedis() : undefined
  if (redis) await oweAgain(database)
  ends.defer(async () => redis?.stop())
  const dataDir = folder(ends, 'spread')
  const ports = new Map<string, number>()
  for (const { name } of graph) ports.set(name, await freePort())
  const shared = {
    ...settings,
    ...environment,
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    ...Object.fromEntries(
      [...ports].map(([name, port]) => [`SUBGRAPH_URL_${name.toUpperCase()}`, `http://127.0.0.1:${port}/graphql`]),
    ),
    ...(redis && { REDIS_URL: redis.url }),
  }
  const processes = {
    ...Object.fromEntries([...ports].map(([name, port]) => [name, processOf(['subgraph', name], port, shared)])),
    worker: processOf(['worker'], await freePort(), shared),
    gateway: processOf(['gateway'], await freePort(), shared),
  }
  ends.defer(async () => void (await Promise.all(Object.values(processes).map((one) => one.end()))))
  await Promise.all(Object.values(processes).map((one) => one.start()))
  return {
    url: `http://127.0.0.1:${processes.gateway.port}`,
    databaseUrl: database.url,
    processes,
    redis,
    cut: (subgraph) => database.cut(`switchyard ${subgraph}`),
    rows: (statement) => rowsOf(database.url, statement),
  }
}

async function runToItsEnd(args: readonly string[], environment: Environment): Promise<void> {
  const child = launched(args, environment)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${args.join(' ')} has ended with ${code}:\n${output}`)
}
