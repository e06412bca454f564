import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError, type ProcessNeeds, readConfig } from './config.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-config-'))
const newSecret = () => randomBytes(48).toString('base64')
afterAll(() => rmSync(dataDir, { recursive: true }))

const set = (env: Record<string, string>, needs?: ProcessNeeds) => readConfig({ DATA_DIR: dataDir, ...env }, needs)

function messageOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message
  }
  throw new Error('The configuration was accepted.')
}

describe('the configuration', () => {
  it.each([
    ['NODE_ENV', 'staging', 'must be one of development, test, production'],
    ['PORT', '70000', 'must be a whole number from 0 to 65535'],
    ['PORT', 'http', 'must be a whole number'],
    ['PORT', ' ', 'must be a whole number'],
    ['PORT', '0x10', 'must be a whole number'],
    ['PORT', '1e3', 'must be a whole number'],
    ['PORT', '-1', 'must be a whole number'],
    ['HOST', 'http://localhost', 'must be an IP address or a host name'],
    ['HOST', '127.0.0.1:4000', 'must be an IP address or a host name'],
    ['HOST', ' ', 'must be an IP address or a host name'],
    ['DATABASE_URL', 'mysql://localhost/x', 'must be a URL such as postgres://'],
    ['DATABASE_URL', 'postgres:nonsense', 'must be a URL such as postgres://'],
    ['DATABASE_URL_CRM', 'nonsense', 'must be a URL such as postgres://'],
    ['DATABASE_URL_CRM', 'mysql://localhost/x', 'must be a URL such as postgres://'],
    ['DATABASE_URL_JOBS', 'localhost:5432', 'must be a URL such as postgres://'],
    ['DATABASE_URL_CRMM', 'postgres://localhost/x', 'use DATABASE_URL_CRM, DATABASE_URL_IDENTITY, DATABASE_URL_JOBS'],
    ['DB_HOST', 'a b', 'must be an IP address or a host name'],
    ['DB_PORT', '5432', 'has no effect without DB_HOST'],
    ['DB_NAME', 'sales', 'has no effect without DB_HOST'],
    ['DB_USER', 'me', 'has no effect without DB_HOST'],
    ['DB_PASSWORD', 'hidden', 'has no effect without DB_HOST'],
    ['DB_SSLMODE', 'always', 'must be one of disable, prefer, require, verify-full'],
    ['DB_POOL', '1', 'must be a whole number from 2 to 100'],
    ['REDIS_URL', 'localhost:6379', 'must be a URL such as redis://'],
    ['REDIS_URL', 'http://localhost:6379', 'must be a URL such as redis://'],
    ['SMTP_URL', 'mail.example', 'must be a URL such as smtp://'],
    ['MAIL_FROM', 'nobody', 'must be an e-mail address'],
    ['TENANT_ID', 'A tenant', 'must consist of a-z, 0-9 and -'],
    ['AUTH_SECRET', 'short', 'must be 32 bytes or more'],
    ['AUTH_SECRET', ' '.repeat(32), 'must be 32 bytes or more'],
    ['AUTH_SECRET', 'changeme'.repeat(4), 'is a placeholder'],
    ['INTERNAL_SECRET', `${' '.repeat(30)}short`, 'must be 32 bytes or more'],
    ['INTERNAL_SECRET', 'please-change-this-secret-in-production', 'is a placeholder'],
    ['JWT_SECRET', 'five5', 'must be 32 bytes or more'],
    ['JWT_ISSUER', 'https://issuer.example', 'has no effect without JWT_SECRET'],
    ['JWT_AUDIENCE', 'switchyard', 'has no effect without JWT_SECRET'],
    ['SERVICE_KEY', 'short', 'must be 32 bytes or more'],
    ['INTERNAL_CIDRS', '10.0.0.0/8,nowhere', 'must be ranges such as'],
    ['INTERNAL_CIDRS', '10.0.0.0/33', 'must be ranges such as'],
    ['TRUSTED_PROXIES', '*', 'must be ranges such as'],
    ['RATE_LIMIT_ANONYMOUS', '0', 'must be a whole number from 1'],
    ['RATE_LIMIT_VIEWER', '10.5', 'must be a whole number from 1'],
    ['RATE_LIMIT_ANONYMUS', '600', 'did you mean RATE_LIMIT_ANONYMOUS'],
    ['CORS_ALLOWED_ORIGINS', '*', 'must be origins such as'],
    ['CORS_ALLOWED_ORIGINS', 'null', 'must be origins such as'],
    ['CORS_ALLOWED_ORIGINS', 'console.example', 'must be origins such as'],
    ['CORS_ALLOWED_ORIGINS', 'https://console.example/', 'must be origins such as'],
    ['CORS_ALLOWED_ORIGINS', 'https://a.example,https://b.example/path', 'must be origins such as'],
    ['CORS_ALLOWED_ORIGINS', 'file:///tmp', 'must be origins such as'],
    ['GRAPHIQL', 'yes', 'must be one of true, false'],
    ['FORWARD_HEADERS', 'authorization', 'has no effect without SUPERGRAPH'],
    ['FORWARD_HEADERS', 'authorization,a b', 'must be names of headers'],
    ['FORWARD_HEADERS', 'content-length', 'must not be a header of the connection'],
    ['FORWARD_HEADERS', 'Host', 'must not be a header of the connection'],
    ['LIMIT_DEPTH', '0', 'must be a whole number from 1'],
    ['LIMIT_BODY_BYTES', '1mb', 'must be a whole number from 1'],
    ['LIMIT_DEEP', '3', 'is no variable of ours'],
    ['SUBGRAPH_TIMEOUT_MS', '99', 'must be a whole number from 100 to 60000'],
    ['OPERATION_TIMEOUT_MS', '10s', 'must be a whole number from 100'],
    ['SUBGRAPH_URL_CRM', 'crm:4002', 'must be a URL such as http://'],
    ['SUBGRAPH_URL_CRM', 'http//crm:4002/graphql', 'must be a URL such as http://'],
    ['SUBGRAPH_URL_CMR', 'http://crm:4002/graphql', 'use SUBGRAPH_URL_CRM, SUBGRAPH_URL_IDENTITY'],
    ['SOCKETS_PER_VIEWER', '0', 'must be a whole number from 1'],
    ['LOG_LEVEL', 'loud', 'must be one of fatal, error'],
  ])('refuses %s=%j, with a sentence that names it and says what it must be', (name, value, cure) => {
    const message = messageOf(() => set({ [name]: value }, { subgraphs: ['crm', 'identity'] }))
    expect(message).toMatch(new RegExp(`^${name}: `, 'm'))
    expect(message).toContain(cure)
  })

  it('names every wrong variable at once, and shows no value of a secret', () => {
    const message = messageOf(() => set({ PORT: 'x', JWT_ISSUER: 'us', AUTH_SECRET: 'open sesame', GRAPHIQL: '1' }))
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'AUTH_SECRET',
      'GRAPHIQL',
      'JWT_ISSUER',
    ])
    expect(message).not.toContain('sesame')
  })

  it.each([
    ['PORT', '0'],
    ['HOST', '::1'],
    ['HOST', 'localhost'],
    ['DATABASE_URL', 'postgresql://me:p%40ss@db.example:6543/sales?sslmode=require'],
    ['REDIS_URL', 'rediss://:password@cache:6380/1'],
    ['CORS_ALLOWED_ORIGINS', 'https://console.example, http://localhost:3000'],
    ['SUBGRAPH_URL_CRM', 'http://127.0.0.1:4002/graphql'],
    // as Kubernetes sets it for a service
    ['SUBGRAPH_CRM_PORT', 'tcp://10.0.0.7:4002'],
    ['TRUSTED_PROXIES', 'loopback,10.0.0.0/8'],
    ['RATE_LIMIT_VIEWER', '1'],
  ])('accepts %s=%j', (name, value) => {
    expect(() => set({ [name]: value }, { subgraphs: ['crm', 'identity'] })).not.toThrow()
  })

  it('makes its secrets once, and keeps them where only their owner reads them', () => {
    const first = set({})
    expect(set({}).authSecret).toEqual(first.authSecret)
    expect(first.authSecret).not.toEqual(first.internalSecret)
    const file = join(dataDir, 'auth-secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8').length).toBeGreaterThanOrEqual(32)
  })

  it.each([
    ['is empty', ''],
    ['is short', 'abc'],
    ['holds blanks', ' '.repeat(40)],
    ['is a placeholder', 'changeme-changeme-changeme-changeme'],
  ])('refuses a kept secret that %s, and names the file and the cure', (_, text) => {
    const folder = mkdtempSync(join(dataDir, 'kept-'))
    const file = join(folder, 'auth-secret')
    writeFileSync(file, text)
    const message = messageOf(() => set({ DATA_DIR: folder }))
    expect(message).toContain(`AUTH_SECRET: what is kept in ${file} `)
    expect(message).toContain('remove the file')
    rmSync(file)
    expect(set({ DATA_DIR: folder }).authSecret.length).toBeGreaterThanOrEqual(32)
  })

  it('refuses a kept secret that cannot be read, and names the file and the cure', () => {
    const folder = mkdtempSync(join(dataDir, 'kept-'))
    const file = join(folder, 'internal-secret')
    mkdirSync(file)
    expect(messageOf(() => set({ DATA_DIR: folder }))).toBe(
      `INTERNAL_SECRET: ${file} cannot be read (EISDIR): let this account read it, remove it, or set INTERNAL_SECRET`,
    )
  })

  it.each(['/dev/null/x', '/dev/null'])('refuses to keep secrets in %s', (folder) => {
    expect(messageOf(() => set({ DATA_DIR: folder }))).toMatch(
      /^DATA_DIR: \/dev\/null\S* cannot be used \(E\w+\): name a folder that this account may write to$/,
    )
  })

  const production = { NODE_ENV: 'production', AUTH_SECRET: newSecret(), INTERNAL_SECRET: newSecret() }

  it.each([
    [['AUTH_SECRET', 'INTERNAL_SECRET'], undefined],
    [['INTERNAL_SECRET'], { secrets: ['INTERNAL_SECRET'] }],
  ] as const)('wants %j to be set in production by a process that needs %j', (missing, needs) => {
    const message = messageOf(() => set({ NODE_ENV: 'production' }, needs))
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual(missing)
    expect(message).toContain('must be set in production: make one with `openssl rand -base64 48`')
  })

  it('demands, makes and keeps only the secrets that a process needs', () => {
    const empty = mkdtempSync(join(dataDir, 'needs-'))
    readConfig({ DATA_DIR: empty, NODE_ENV: 'production' }, { secrets: [] })
    readConfig({ DATA_DIR: empty }, { secrets: ['INTERNAL_SECRET'] })
    expect(readdirSync(empty)).toEqual(['internal-secret'])
    const config = set(production, { secrets: ['INTERNAL_SECRET'] })
    expect(Buffer.from(config.internalSecret).toString()).toBe(production.INTERNAL_SECRET)
    expect(Buffer.from(config.authSecret).toString()).not.toBe(production.AUTH_SECRET)
  })

  it.each(['x'.repeat(40), 'abcdefghij'.repeat(4), '0123456789abcdef'.repeat(2), 'ab'.repeat(20)])(
    'refuses %j as a secret in production',
    (guessable) => {
      for (const name of ['AUTH_SECRET', 'INTERNAL_SECRET', 'JWT_SECRET', 'SERVICE_KEY']) {
        expect(messageOf(() => set({ ...production, [name]: guessable }))).toContain(`${name}: is easily guessed`)
      }
    },
  )

  it.each([
    ['INTERNAL_SECRET', 'AUTH_SECRET'],
    ['JWT_SECRET', 'AUTH_SECRET'],
    ['JWT_SECRET', 'INTERNAL_SECRET'],
    ['SERVICE_KEY', 'INTERNAL_SECRET'],
  ])('refuses %s that is the same as %s', (one, other) => {
    const both = newSecret()
    for (const NODE_ENV of ['development', 'production']) {
      const env = { ...production, NODE_ENV, [one]: both, [other]: both }
      expect(messageOf(() => set(env))).toContain(`${one}: must not be the same as ${other}`)
    }
    const ofGateway = { secrets: ['INTERNAL_SECRET'] } as const
    expect(messageOf(() => set({ ...production, [one]: both, [other]: both }, ofGateway))).toContain(one)
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
    const odd = set({ DB_HOST: '::1', DB_NAME: 'a/b?c' })
    expect(odd.databaseUrl('crm')).toBe('postgres://postgres@[::1]:5432/a%2Fb%3Fc?sslmode=disable')
  })
})
