import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-config-'))
afterAll(() => rmSync(dataDir, { recursive: true }))

const set = (env: Record<string, string>) => readConfig({ DATA_DIR: dataDir, ...env })

describe('the configuration', () => {
  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'localhost:6379'],
    ['AUTH_SECRET', 'short'],
    ['JWT_SECRET', 'five5'],
    ['SERVICE_KEY', 'short'],
    ['GRAPHIQL', 'yes'],
    ['INTERNAL_CIDRS', '10.0.0.0/8,nowhere'],
    ['INTERNAL_CIDRS', '10.0.0.0/33'],
    ['TENANT_ID', 'A tenant'],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
    ['LIMIT_DEPTH', '0'],
    ['LIMIT_BODY_BYTES', '1mb'],
    ['FORWARD_HEADERS', 'authorization,a b'],
    ['FORWARD_HEADERS', 'content-length'],
    ['FORWARD_HEADERS', 'Host'],
  ])('is refused at start, in a sentence that names %s, when it is %j', (name, value) => {
    expect(() => set({ [name]: value })).toThrow(ConfigError)
    expect(() => set({ [name]: value })).toThrow(name)
  })

  it('makes its secrets once, and keeps them where only their owner reads them', () => {
    const first = set({})
    expect(set({}).authSecret).toEqual(first.authSecret)
    expect(first.authSecret).not.toEqual(first.internalSecret)
    const file = join(dataDir, 'auth-secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8').length).toBeGreaterThanOrEqual(32)
  })

  it('wants secrets to be set in production', () => {
    expect(() => set({ NODE_ENV: 'production' })).toThrow('AUTH_SECRET: must be set in production')
  })

  it('needs no secrets, and keeps none, for a graph that is not ours', () => {
    const empty = mkdtempSync(join(dataDir, 'foreign-'))
    readConfig({ DATA_DIR: empty, NODE_ENV: 'production', SUPERGRAPH: 'supergraph.graphql' })
    expect(readdirSync(empty)).toEqual([])
  })

  it('finds the address of a subgraph whatever its name is made of', () => {
    expect(set({ SUBGRAPH_URL_MY_SUB_GRAPH: 'http://a/' }).subgraphUrl('my-sub.graph')).toBe('http://a/')
  })

  it('takes an empty variable for one that is not set', () => {
    expect(set({ REDIS_URL: '' }).redisUrl).toBeUndefined()
  })

  it('finds a database of its own for one subgraph, else the common one, else its parts', () => {
    const url = 'postgres://localhost/common'
    const config = set({ DATABASE_URL: url, DATABASE_URL_CRM: 'postgres://localhost/crm' })
    expect([config.databaseUrl('crm'), config.databaseUrl('identity')]).toEqual(['postgres://localhost/crm', url])
    const parts = set({ DB_HOST: 'db', DB_USER: 'me', DB_PASSWORD: 'p@ss', DB_NAME: 'sales', DB_SSLMODE: 'require' })
    expect(parts.databaseUrl('crm')).toBe('postgres://me:p%40ss@db:5432/sales?sslmode=require')
  })
})
