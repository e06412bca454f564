// The executable from outside: what it says when it is called wrongly, and how the whole starts and ends.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@switchyard/runtime/testing/database'
import { expect, onTestFinished, test } from 'vitest'
import { graph } from '../graph.ts'

const main = join(import.meta.dirname, '..', 'main.ts')

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-main-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const secrets = () => ({
  AUTH_SECRET: randomBytes(48).toString('base64'),
  INTERNAL_SECRET: randomBytes(48).toString('base64'),
})

/** Starts it with nothing in its environment but what is given. */
function start(role: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...role], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  /** The address, once the door is open. */
  const opened = async () => {
    await expect.poll(() => output + errors, { timeout: 80_000 }).toContain('"msg":"Switchyard is open"')
    const line = output.split('\n').find((text) => text.includes('"msg":"Switchyard is open"')) ?? ''
    return (JSON.parse(line) as { url: string }).url
  }
  return { child, exited, opened, errors: () => errors }
}

test.each([['nonsense'], ['subgraph'], ['subgraph', 'nonsense'], ['all', 'crm'], ['toString']])(
  'it explains itself when it is called with %s %s',
  async (...role) => {
    const { exited, errors } = start(role.filter(Boolean), {})
    expect(await exited).toBe(2)
    expect(errors()).toMatch(/^usage: node main.ts \[all \| gateway/)
  },
)

test('every wrong variable is named in a sentence, and nothing is started', async () => {
  const { exited, errors } = start(['all'], { PORT: 'abc', AUTH_SECRET: 'short', DATA_DIR: dataFolder() })
  expect(await exited).toBe(1)
  expect(errors()).toMatch(/^PORT: .+\nAUTH_SECRET: must be 32 bytes or more, [^\n]+\n$/)
})

test.each([
  ['gateway', 'schema', /^SUPERGRAPH: schema cannot be read \(EISDIR\)\n$/],
  ['gateway', 'nowhere.graphql', /^SUPERGRAPH: nowhere\.graphql cannot be read \(ENOENT\)\n$/],
  ['gateway', 'package.json', /^SUPERGRAPH: the file is not a supergraph: [^\n]+\n$/],
  ['all', 'schema/supergraph.graphql', /^SUPERGRAPH: is for `node main.ts gateway`, [^\n]+\n$/],
])('%s with the supergraph %s says in a sentence why not', async (role, file, sentence) => {
  const { exited, errors } = start([role], { SUPERGRAPH: file, DATA_DIR: dataFolder(), LOG_LEVEL: 'silent' })
  expect(await exited).toBe(1)
  expect(errors()).toMatch(sentence)
})

test.each([['gateway'], ['subgraph', 'crm'], ['worker'], ['all']])(
  '%s %s says in a sentence that its port is in use, or its host no address of this machine',
  async (...role) => {
    const database = await testDatabase(graph)
    onTestFinished(database.drop)
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    onTestFinished(() => void taken.close())
    const { port } = taken.address() as AddressInfo
    const env = { ...secrets(), NODE_ENV: 'production', DATABASE_URL: database.url, LOG_LEVEL: 'silent' }

    const second = start(role.filter(Boolean), { ...env, HOST: '127.0.0.1', PORT: String(port) })
    expect(await second.exited).toBe(1)
    expect(second.errors()).toBe(
      `PORT: ${port} is in use at 127.0.0.1: stop what listens there, or set PORT to another one\n`,
    )
    // an address that is for documentation only
    const elsewhere = start(role.filter(Boolean), { ...env, HOST: '192.0.2.1', PORT: '0' })
    expect(await elsewhere.exited).toBe(1)
    expect(elsewhere.errors()).toMatch(/^HOST: 192\.0\.2\.1 is no address of this machine [^\n]+\n$/)
  },
  120_000,
)

test.each(['/dev/null/x', '/dev/null'])('a data folder of %s is refused in a sentence', async (folder) => {
  const given = start(['all'], { ...secrets(), DATA_DIR: folder, LOG_LEVEL: 'silent' })
  expect(await given.exited).toBe(1)
  expect(given.errors()).toMatch(/^DATA_DIR: [^\n]+ name a folder that this account may write to\n$/)
})

test('the gateway of any supergraph starts with nothing but its file, and ends with 0 when asked', async () => {
  const file = join(import.meta.dirname, '..', 'schema', 'supergraph.graphql')
  const { child, exited, opened } = start(['gateway'], { SUPERGRAPH: file, PORT: '0', NODE_ENV: 'production' })
  const url = await opened()
  expect((await fetch(url.replace('graphql', 'health'))).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})

test('a worker without a database says which variable is missing', async () => {
  const { exited, errors } = start(['worker'], { DATA_DIR: dataFolder(), LOG_LEVEL: 'silent' })
  expect(await exited).toBe(1)
  expect(errors()).toMatch(/^DATABASE_URL: must be set/)
})

test('the whole starts on an empty folder, survives being killed, and ends with 0 when asked', async () => {
  const env = { DATA_DIR: dataFolder(), PORT: '0' }
  const killed = start([], env)
  await killed.opened()
  killed.child.kill('SIGKILL')
  await killed.exited

  const { child, exited, opened } = start([], env)
  const response = await fetch(await opened(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  })
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  const second = start([], env)
  expect(await second.exited).toBe(1)
  expect(second.errors()).toContain('is already using')
  child.kill('SIGINT')
  expect(await exited).toBe(0)
}, 150_000)
