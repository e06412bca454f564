// What an installation by docker-compose.yml hands to whom, and what gets into its image.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { variableNames } from '@switchyard/runtime/config/environment'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { graph } from '../graph.ts'
import { command, dataFolder, secrets } from './command.ts'
import { compose, composeVariables, exampleSecrets, exampleVariables } from './compose.ts'
import { freePort } from './processes.ts'

const root = join(import.meta.dirname, '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const marked = () => exampleSecrets((name) => `<${name}>`)

describe('docker-compose.yml', () => {
  it('hands to each service the secrets that it needs, and no others', async () => {
    const secrets = { ...marked(), SMTP_URL: '<SMTP_URL>' }
    const { services } = compose(secrets)
    const names = Object.keys(services)
    const secretNames = Object.keys(secrets).sort()
    const holds = (service: string, secret: string) =>
      Object.values(services[service]?.environment ?? {}).some((value) => value.includes(`<${secret}>`))
    const line = (cells: readonly string[]) =>
      cells
        .map((cell) => cell.padEnd(18))
        .join('')
        .trimEnd()
    const table = [
      line(['service', ...secretNames]),
      ...names.map((name) => line([name, ...secretNames.map((secret) => (holds(name, secret) ? 'yes' : '–'))])),
    ]
    await expect(`${table.join('\n')}\n`).toMatchFileSnapshot('golden/compose.txt')
  })

  it('hands to its processes only variables that they read', () => {
    const { services } = compose(marked())
    const ours = Object.values(services).filter(
      ({ command }) => command && command[0] !== 'postgres' && command[0] !== 'redis-server',
    )
    const given = new Set(ours.flatMap(({ environment }) => Object.keys(environment ?? {})))
    const unknown = [...given].filter((name) => !variableNames.includes(name) && !name.startsWith('SUBGRAPH_URL_'))
    expect(unknown).toEqual([])
  })

  it('has a service for every subgraph, at the address that the others are given', () => {
    const { services } = compose(marked())
    for (const { name } of graph) {
      expect(services[name]?.command).toEqual(['subgraph', name])
      const port = services[name]?.environment?.PORT
      expect(services.gateway?.environment?.[`SUBGRAPH_URL_${name.toUpperCase()}`]).toBe(
        `http://${name}:${port}/graphql`,
      )
    }
  })

  it.runIf(redisInstalled())(
    'starts a Redis that answers with the password only, which its arguments do not show',
    async () => {
      const password = randomBytes(32).toString('hex')
      const { configs, services } = compose({ ...marked(), REDIS_PASSWORD: password })
      const port = await freePort()
      const [dir, file] = [dataFolder(), join(dataFolder(), 'redis.conf')]
      writeFileSync(file, configs.redis?.content ?? '')
      const { command = [], environment } = services.redis ?? {}
      const args = command.slice(1).map((arg) => (arg === '/etc/redis.conf' ? file : arg))
      expect(args.join(' ')).not.toContain(password)
      expect(environment?.REDISCLI_AUTH).toBe(password)
      const server = spawn('redis-server', [...args, '--port', String(port), '--bind', '127.0.0.1', '--dir', dir])
      onTestFinished(() => void server.kill('SIGKILL'))
      const clientOf = (url: string) => {
        const client = new Redis(url, { retryStrategy: () => 20, lazyConnect: true })
        client.on('error', () => undefined)
        onTestFinished(() => client.disconnect())
        return client
      }
      const allowed = clientOf(`redis://:${password}@127.0.0.1:${port}`)
      await expect.poll(() => allowed.ping().catch(String), { timeout: 10_000 }).toBe('PONG')
      expect(await allowed.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
      expect(await allowed.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
      await expect(clientOf(`redis://127.0.0.1:${port}`).ping()).rejects.toThrow('NOAUTH')
    },
  )
})

it.runIf(redisInstalled())(
  'a process whose REDIS_URL has a wrong password, or none, says so and ends',
  async () => {
    const redis = await startRedis(randomBytes(32).toString('hex'))
    onTestFinished(() => redis.stop())
    const { host } = new URL(redis.url)
    for (const REDIS_URL of [`redis://${host}`, `redis://:wrong@${host}`]) {
      const { exited, errors } = command(['gateway'], { ...secrets(), REDIS_URL, NODE_ENV: 'production' })
      expect(await exited).toBe(1)
      expect(errors()).toBe(`REDIS_URL: ${host} refuses its user or password: correct them in the URL\n`)
    }
  },
  120_000,
)

describe('.env.example', () => {
  it('lists every variable that docker-compose.yml reads, and no other', () => {
    expect(Object.keys(exampleVariables()).sort()).toEqual([...composeVariables().all].sort())
  })

  it('holds no secret: what is demanded is left to be filled in', () => {
    const example = exampleVariables()
    for (const name of Object.keys(marked())) expect([name, example[name]]).toEqual([name, ''])
    expect(() => compose(example)).toThrow(/is not set/)
  })
})

describe('README.md', () => {
  it('names every environment variable, and none that is not read', () => {
    const cells = read('README.md').match(/(?<=^\|) `[A-Z][^|]*(?=\|)/gm) ?? []
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name]) => name))
    expect(named.sort()).toEqual([...variableNames].sort())
    for (const prefix of ['DATABASE_URL', 'SUBGRAPH_URL'])
      expect(read('README.md')).toContain(`\`${prefix}_<SUBGRAPH>\``)
  })
})

describe('the image', () => {
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))

  /** As Docker decides: the last pattern decides that fits the path or a folder that it is in. */
  function isSent(path: string): boolean {
    const parts = path.split('/')
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
    const deciding = patterns.findLast((pattern) =>
      prefixes.some((prefix) => matchesGlob(prefix, pattern.replace(/^!/, ''))),
    )
    return deciding === undefined || deciding.startsWith('!')
  }

  it.each([
    '.env',
    '.env.production',
    'gateway/.env',
    'runtime/src/.env.local',
    '.npmrc',
    '.git/config',
    '.data/auth-secret',
    'gateway/.data/internal-secret',
    'server.pem',
    'gateway/tls/server.key',
    'secrets/password.txt',
    'node_modules/x/index.js',
    'gateway/node_modules/x/index.js',
    'test/processes.ts',
    'runtime/src/config.test.ts',
  ])('is built without %s', (path) => {
    expect(isSent(path)).toBe(false)
  })

  it.each([
    'main.ts',
    'package.json',
    'pnpm-lock.yaml',
    'gateway/src/gateway.ts',
    'migrations/crm/0000_first.sql',
    'demo/people.ts',
  ])('is built with %s', (path) => {
    expect(isSent(path)).toBe(true)
  })

  it('takes up folders by their names, never all that is there', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+)$/gm)].map(([, names = '']) =>
      names.split(' ').slice(0, -1),
    )
    expect(copied.length).toBeGreaterThan(0)
    for (const name of copied.flat()) expect([name, name === '.' || name.includes('*')]).toEqual([name, false])
  })
})
