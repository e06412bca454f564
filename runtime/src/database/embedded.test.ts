// The embedded PostgreSQL through everything that a developer's machine does to it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { testLog } from '../testing/log.ts'
import { startEmbeddedPostgres } from './embedded.ts'
import { serverAccount } from './embedded-account.ts'
import { findBinaries, runnableBinaries } from './embedded-binaries.ts'

const log = testLog()
const asRoot = process.getuid?.() === 0
let folder: string
let dataDir: string

beforeEach(() => {
  folder = mkdtempSync('/tmp/switchyard-embedded-')
  chmodSync(folder, 0o755)
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function start(commons = join(folder, 'commons')) {
  const server = await startEmbeddedPostgres({ dataDir, log, commons })
  onTestFinished(() => server.stop())
  return server
}

async function query(url: string, text: string) {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

const postmasterPid = () => Number.parseInt(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10)

test('data outlives a stop and a second start is quick', async () => {
  const first = await start()
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  const began = performance.now()
  const second = await start()
  expect(performance.now() - began).toBeLessThan(2000)
  expect(await query(second.url, 'select answer from kept')).toMatchObject([{ answer: 42 }])
  expect(second.url).toBe(first.url)
})

test('it is durable, sorts alike everywhere, knows foreign letters and asks for its password', async () => {
  const { url } = await start()
  const [set] = await query(
    url,
    `select current_setting('fsync') as fsync, current_setting('max_connections') as most,
    array(select x from unnest(array['b','B','ä','a']) x order by x) as sorted, lower('ŽÜ') as lowered`,
  )
  expect(set).toEqual({ fsync: 'on', most: '400', sorted: ['B', 'a', 'b', 'ä'], lowered: 'žü' })
  expect(await query(url, `create extension pg_trgm; select 'Müller Иван' % 'Иван' as similar`)).toMatchObject([
    [],
    [{ similar: true }],
  ])
  const guess = new URL(url)
  guess.password = 'guess'
  await expect(query(guess.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600)
})

test('a second process on the same data is refused with a sentence', async () => {
  await start()
  await expect(start()).rejects.toThrow(`Process ${process.pid} is already using ${dataDir}: stop it first`)
})

test('a server that a killed process left behind is adopted', async () => {
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: console })
    console.log('URL ' + url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const orphan = postmasterPid()
  const server = await start()
  expect(postmasterPid()).toBe(orphan)
  expect(String(line)).toContain(server.url)
  await server.stop()
  expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false)
})

test('a stale pid file whose number another process now has does not stop a start', async () => {
  const first = await start()
  await first.stop()
  writeFileSync(
    join(dataDir, 'cluster', 'postmaster.pid'),
    `${process.pid}\n${join(dataDir, 'cluster')}\n1\n1\n\n\n\nready   \n`,
  )
  writeFileSync(join(dataDir, 'lock'), '1 1')
  await expect(start()).resolves.toMatchObject({ url: first.url })
})

test('a cluster that was only half made is made again', async () => {
  mkdirSync(join(dataDir, 'unfinished-1', 'base'), { recursive: true })
  const { url } = await start()
  expect(await query(url, 'select 1 as one')).toMatchObject([{ one: 1 }])
  expect(existsSync(join(dataDir, 'unfinished-1'))).toBe(false)
})

test('a server that somebody killed is started again at the same address', async () => {
  const { url } = await start()
  const killed = postmasterPid()
  process.kill(killed, 'SIGKILL')
  await expect
    .poll(() => query(url, 'select 1 as one').catch(() => []), { timeout: 10_000 })
    .toMatchObject([{ one: 1 }])
  expect(postmasterPid()).not.toBe(killed)
})

test.runIf(asRoot)('for root, data in a folder that only root may enter moves to the common place', async () => {
  chmodSync(folder, 0o700)
  const commons = mkdtempSync('/tmp/switchyard-commons-')
  chmodSync(commons, 0o755)
  onTestFinished(() => rmSync(commons, { recursive: true, force: true }))
  const first = await start(commons)
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  const second = await start(commons)
  expect(await query(second.url, 'select answer from kept')).toMatchObject([{ answer: 42 }])
  expect(existsSync(join(dataDir, 'cluster'))).toBe(false)
  await second.stop()
  rmSync(dataDir, { recursive: true })
  const afresh = await start(commons)
  await expect(query(afresh.url, 'select answer from kept')).rejects.toThrow('does not exist')
})

test.runIf(asRoot)('for root, programs in a folder that only root may enter are copied once', async () => {
  const found = await findBinaries()
  const hidden = join(folder, 'hidden')
  cpSync(dirname(dirname(found.postgres)), hidden, { recursive: true, verbatimSymlinks: true })
  chmodSync(hidden, 0o700)
  const unreachable = { ...found, postgres: join(hidden, 'bin', 'postgres'), initdb: join(hidden, 'bin', 'initdb') }
  const commons = join(folder, 'commons')
  const copied = await runnableBinaries(unreachable, serverAccount(dataDir), commons)
  expect(copied.postgres.startsWith(commons)).toBe(true)
  const made = statSync(copied.postgres).ino
  await runnableBinaries(unreachable, serverAccount(dataDir), commons)
  expect(statSync(copied.postgres).ino).toBe(made)
})
