// The credentials of the demo world are public: in production no process that has identity serves them.
import type { TestDatabase } from '@switchyard/runtime/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, dataFolder, secrets } from './command.ts'
import { demoDatabase } from './processes.ts'

const addresses = ['admin', 'manager', 'agent', 'agent2', 'analyst', 'viewer'].map((name) => `${name}@demo.example`)

describe('production over the demo world', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await demoDatabase()
  }, 300_000)
  afterAll(() => database.drop())

  const production = () => ({
    ...secrets(),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    DATA_DIR: dataFolder(),
  })

  it.each([[['all']], [['migrate']], [['subgraph', 'identity']], [['worker']]])(
    'does not start %j, and says which credentials are public and how to end them',
    async (role) => {
      const { exited, errors } = command(role, { ...production(), LOG_LEVEL: 'silent' })
      expect(await exited).toBe(1)
      expect(errors()).toContain(
        `production refuses to start over the demo world, whose credentials are public: ${addresses.join(', ')}, the demo partner's key.`,
      )
      expect(errors()).toContain('or run these statements as the owner')
      expect(errors()).not.toContain('    at ')
    },
    120_000,
  )

  it('starts once the users are blocked or have another address, and the key is revoked', async () => {
    await database.run("update identity.users set email = 'ada@company.example' where email = 'admin@demo.example'")
    const refused = command(['migrate'], { ...production(), LOG_LEVEL: 'silent' })
    expect(await refused.exited).toBe(1)
    expect(refused.errors()).toContain(`${addresses.slice(1).join(', ')}, the demo partner's key.`)
    expect(refused.errors()).not.toContain('admin@demo.example')

    const statements = refused
      .errors()
      .split('\n')
      .filter((line) => line.startsWith('  '))
    expect(statements).toHaveLength(2)
    await database.run(statements.join('\n'))
    const migrated = command(['migrate'], production())
    expect(await migrated.exited).toBe(0)
    await command(['subgraph', 'identity'], production()).logged('identity answers the gateway')
    await command(['worker'], production()).logged('at work')
    await command(['all'], production()).opened()
  }, 240_000)
})

describe('identity in production', () => {
  it('waits for a database that does not answer yet, and ends when asked', async () => {
    const env = { ...secrets(), NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0' }
    const unreachable = 'postgres://nobody@127.0.0.1:1/nothing'
    const { child, exited, logged } = command(['subgraph', 'identity'], { ...env, DATABASE_URL: unreachable })
    await logged('waiting for the database of identity')
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })
})
