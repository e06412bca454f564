// The executable from outside: what it says when it is called wrongly or in a wrong environment.
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { testDatabase } from '@switchyard/runtime/testing/database'
import { expect, onTestFinished, test } from 'vitest'
import { graph } from '../graph.ts'
import { command, dataFolder, secrets } from './command.ts'

test.each([['nonsense'], ['subgraph'], ['subgraph', 'nonsense'], ['all', 'crm'], ['toString']])(
  'it explains itself when it is called with %s %s',
  async (...role) => {
    const { exited, errors } = command(role.filter(Boolean), {})
    expect(await exited).toBe(2)
    expect(errors()).toMatch(/^usage: node main.ts \[all \| gateway/)
  },
)

test('every wrong variable is named in a sentence, and nothing is started', async () => {
  const { exited, errors } = command(['all'], { PORT: 'abc', AUTH_SECRET: 'short', DATA_DIR: dataFolder() })
  expect(await exited).toBe(1)
  expect(errors()).toMatch(/^PORT: .+\nAUTH_SECRET: must be 32 bytes or more, [^\n]+\n$/)
})

test.each([
  ['gateway', 'schema', /^SUPERGRAPH: schema cannot be read \(EISDIR\)\n$/],
  ['gateway', 'nowhere.graphql', /^SUPERGRAPH: nowhere\.graphql cannot be read \(ENOENT\)\n$/],
  ['gateway', 'package.json', /^SUPERGRAPH: the file is not a supergraph: [^\n]+\n$/],
  ['all', 'schema/supergraph.graphql', /^SUPERGRAPH: is for `node main.ts gateway`, [^\n]+\n$/],
])('%s with the supergraph %s says in a sentence why not', async (role, file, sentence) => {
  const { exited, errors } = command([role], { SUPERGRAPH: file, DATA_DIR: dataFolder(), LOG_LEVEL: 'silent' })
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

    const second = command(role.filter(Boolean), { ...env, HOST: '127.0.0.1', PORT: String(port) })
    expect(await second.exited).toBe(1)
    expect(second.errors()).toBe(
      `PORT: ${port} is in use at 127.0.0.1: stop what listens there, or set PORT to another one\n`,
    )
    // an address that is for documentation only
    const elsewhere = command(role.filter(Boolean), { ...env, HOST: '192.0.2.1', PORT: '0' })
    expect(await elsewhere.exited).toBe(1)
    expect(elsewhere.errors()).toMatch(/^HOST: 192\.0\.2\.1 is no address of this machine [^\n]+\n$/)
  },
  120_000,
)

test.each(['/dev/null/x', '/dev/null'])('a data folder of %s is refused in a sentence', async (folder) => {
  const given = command(['all'], { ...secrets(), DATA_DIR: folder, LOG_LEVEL: 'silent' })
  expect(await given.exited).toBe(1)
  expect(given.errors()).toMatch(/^DATA_DIR: [^\n]+ name a folder that this account may write to\n$/)
})

test.each([
  ['postgres://me:hidden@127.0.0.1:1/sales', 'no PostgreSQL answers at 127.0.0.1:1 (ECONNREFUSED)'],
  ['postgres://me:hidden@nowhere.invalid/sales', 'no PostgreSQL answers at nowhere.invalid:5432 ('],
])('a database that does not answer at %s is named in a sentence without its password', async (url, reason) => {
  const { exited, errors } = command(['migrate'], { DATABASE_URL: url, LOG_LEVEL: 'silent' })
  expect(await exited).toBe(1)
  expect(errors()).toContain(`DATABASE_URL: ${reason}`)
  expect(errors()).not.toMatch(/hidden|\n./)
})

test('a user, a password or a database that PostgreSQL does not know is named in a sentence', async () => {
  const database = await testDatabase()
  onTestFinished(database.drop)
  const changed = (change: (url: URL) => void) => {
    const url = new URL(database.url)
    change(url)
    return url.href
  }
  const noDatabase = changed((url) => {
    url.pathname = '/nonexistent'
  })
  const noUser = changed((url) => {
    url.username = 'stranger'
  })
  for (const [DATABASE_URL, reason] of [
    [noDatabase, 'has no database nonexistent: create it, or correct the name'],
    [noUser, 'refuses the user stranger: correct the user or the password'],
  ] as const) {
    const { exited, errors } = command(['migrate'], { DATABASE_URL, LOG_LEVEL: 'silent' })
    expect(await exited).toBe(1)
    expect(errors()).toMatch(/^DATABASE_URL: [^\n]+\n$/)
    expect(errors()).toContain(reason)
  }
}, 120_000)

test('the gateway of any supergraph starts with nothing but its file, and ends with 0 when asked', async () => {
  const file = join(import.meta.dirname, '..', 'schema', 'supergraph.graphql')
  const { child, exited, opened } = command(['gateway'], { SUPERGRAPH: file, PORT: '0', NODE_ENV: 'production' })
  const url = await opened()
  expect((await fetch(url.replace('graphql', 'health'))).status).toBe(200)
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
})

test('a worker without a database says which variable is missing', async () => {
  const { exited, errors } = command(['worker'], { DATA_DIR: dataFolder(), LOG_LEVEL: 'silent' })
  expect(await exited).toBe(1)
  expect(errors()).toMatch(/^DATABASE_URL: must be set/)
})
