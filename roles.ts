// What a process can be: everything at once, or one of the parts that a larger installation runs side by side.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadOperations, startForeignGateway, startGateway } from '@switchyard/gateway'
import type { Clock } from '@switchyard/runtime/clock'
import { type Config, ConfigError, type SharedSecretName } from '@switchyard/runtime/config'
import { grantApplicationLogin } from '@switchyard/runtime/database/application-login'
import { connectionProblem } from '@switchyard/runtime/database/connection-problem'
import { migrate } from '@switchyard/runtime/database/migrate'
import { eventCursor } from '@switchyard/runtime/events/follow'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import { type Backend, startBackend } from '@switchyard/runtime/process/backend'
import { type Databases, namedDatabases, ownDatabases } from '@switchyard/runtime/process/databases'
import { serveProbes } from '@switchyard/runtime/process/probes'
import type { Check } from '@switchyard/runtime/process/readiness'
import { redisCheck } from '@switchyard/runtime/process/redis-check'
import type { Part } from '@switchyard/runtime/process/run'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { remoteExecutor } from '@switchyard/runtime/subgraph/remote'
import { serveSubgraph } from '@switchyard/runtime/subgraph/server'
import type { Subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { clientSigner, clientVerifier } from '@switchyard/runtime/viewer/client-info'
import { viewerSigner, viewerVerifier } from '@switchyard/runtime/viewer/signed-viewer'
import { refuseDemoCredentials } from './demo/production.ts'
import { demoState, welcome } from './demo/state.ts'

export type Start = {
  readonly graph: readonly Subgraph[]
  /** Which subgraph, for a process of one. */
  readonly subject: string | undefined
  /** What has been started, in the order in which it is to be drained. */
  readonly parts: Part[]
  readonly config: Config
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
}

/** Starts its part of the whole; true when that then runs on. */
export type Role = (start: Start) => Promise<boolean>

const firstPort = 4001
const workerPort = 4100

async function all(start: Start) {
  const databases = await migratedDatabases(start)
  const backend = startBackend({ ...start, databases, here: start.graph, elsewhere: remotes(start), works: true })
  start.parts.unshift(...backend.parts)
  const isDemo = await demo(start, databases, backend)
  const url = await openGateway(start, backend.subgraphs, backend.ready)
  if (isDemo) process.stdout.write(welcome(url))
  return true
}

async function gateway(start: Start) {
  if (start.config.supergraph !== undefined) return foreignGateway(start, start.config.supergraph)
  const remote = remotes(start)
  const subgraphs = start.graph.map(({ name }) => remote(name))
  const { redisUrl } = start.config
  const redis = redisUrl === undefined ? undefined : redisCheck(redisUrl, 'degraded', start.log)
  if (redis) start.parts.unshift({ name: 'readiness', drain: async () => redis.close() })
  await openGateway(start, subgraphs, redis?.check)
  return true
}

async function foreignGateway(start: Start, file: string) {
  const supergraph = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`SUPERGRAPH: ${file} cannot be read (${error.code})`)
  })
  const door = await startForeignGateway({ ...start, supergraph })
  start.parts.unshift({ name: 'gateway', drain: door.drain })
  start.log.info({ url: `${door.url}/graphql`, supergraph: file }, 'Switchyard is open')
  return true
}

async function subgraph(start: Start) {
  const { graph, subject, config, log, metrics, parts } = start
  const here = graph.filter(({ name }) => name === subject)
  const databases = namedDatabases(config)
  if (subject === 'identity') await refuseDemoWorld(start, databases)
  const backend = startBackend({ ...start, databases, here, elsewhere: remotes(start), works: false })
  parts.unshift(...backend.parts)
  const { host, internalCidrs } = config
  const verify = viewerVerifier(config.internalSecret)
  const verifyClient = clientVerifier(config.internalSecret)
  for (const executor of backend.subgraphs) {
    const port = config.port ?? portOf(executor.name, graph)
    const newest = async () => eventCursor(executor.name, await executor.follower.head())
    const options = {
      executor,
      verify,
      verifyClient,
      newest,
      port,
      host,
      log,
      metrics,
      ready: backend.ready,
      internalCidrs,
    }
    const door = await serveSubgraph(options)
    parts.unshift({ name: executor.name, drain: door.drain })
    log.info({ url: door.url }, `${executor.name} answers the gateway`)
  }
  return true
}

async function worker(start: Start) {
  const { config, metrics, log, parts } = start
  const databases = namedDatabases(config)
  await refuseDemoWorld(start, databases)
  const elsewhere = remotes(start)
  const backend = startBackend({ ...start, databases, here: start.graph, elsewhere, works: true, serves: false })
  const { host, internalCidrs } = config
  const port = config.port ?? workerPort
  const door = await serveProbes({ host, port, internalCidrs, metrics, log, ready: backend.ready })
  parts.unshift(...backend.parts, { name: 'probes', drain: door.drain })
  log.info('at work')
  return true
}

async function migrateOnly(start: Start) {
  const databases = await migratedDatabases(start)
  await grantLogin(start, databases)
  return false
}

async function seed(start: Start) {
  if (start.config.production) throw new ConfigError('NODE_ENV: the demo world is not for production')
  const databases = await migratedDatabases(start)
  const backend = startBackend({ ...start, databases, here: start.graph, elsewhere: remotes(start), works: false })
  start.parts.unshift(...backend.parts)
  const isDemo = await demo(start, databases, backend)
  process.stdout.write(isDemo ? welcome(undefined) : 'This graph is in use already: the demo world was not made.\n')
  return false
}

export const roles: Readonly<Record<string, Role>> = { all, gateway, subgraph, worker, migrate: migrateOnly, seed }

/** The secrets that a role cannot do without; `subject` is the subgraph of a process of one. */
export function secretsOf(role: string, subject: string | undefined): readonly SharedSecretName[] {
  if (role === 'migrate') return []
  const hasIdentity = role === 'all' || role === 'seed' || subject === 'identity'
  return hasIdentity ? ['AUTH_SECRET', 'INTERNAL_SECRET'] : ['INTERNAL_SECRET']
}

/** Makes the demo world where it is wanted; true where it then stands. */
async function demo(start: Start, databases: Databases, { subgraphs }: Backend): Promise<boolean> {
  const identity = subgraphs.find(({ name }) => name === 'identity')
  if (start.config.production || !identity) return false
  const state = await demoState(identity)
  if (state !== 'to be made') return state === 'made'
  start.log.info('making the demo world; this takes a few seconds')
  // Only here, where it is needed: a production installation has no faker.
  const { demoClock, makeDemo } = await import('./demo/demo.ts')
  const clock = demoClock()
  const inThePast = { ...start, clock, databases, here: start.graph, elsewhere: remotes(start), works: false }
  const backend = startBackend(inThePast)
  try {
    await makeDemo(backend.subgraphs, clock)
  } finally {
    for (const part of backend.parts) await part.drain()
  }
  return true
}

async function migratedDatabases({ config, graph, log, parts }: Start) {
  const names = graph.map(({ name }) => name)
  const databases = await ownDatabases(config, [...names, 'jobs'], log)
  parts.unshift({ name: 'databases', drain: databases.stop, isProcess: true })
  for (const { name, install } of graph) {
    const url = databases.urlOf(name)
    await migrate({ url, schema: name, install, log }).catch((error: unknown) => {
      const problem = connectionProblem(error, url)
      throw problem ? new ConfigError(`${config.databaseVariable(name)}: ${problem.sentence}`) : error
    })
  }
  await refuseDemoWorld({ config, log }, databases)
  return databases
}

/** Lets the other processes log in without owning the database, where they are to. */
async function grantLogin({ config, graph, log }: Start, databases: Databases): Promise<void> {
  const loginUrl = config.databaseLoginUrl
  if (loginUrl === undefined) return
  for (const { name: schema } of graph) {
    const ownerUrl = databases.urlOf(schema)
    if (new URL(ownerUrl).username === new URL(loginUrl).username) {
      throw new ConfigError(`DATABASE_LOGIN_URL: must name another user than ${config.databaseVariable(schema)}`)
    }
    await grantApplicationLogin({ ownerUrl, loginUrl, schema, log })
  }
}

async function refuseDemoWorld({ config, log }: Pick<Start, 'config' | 'log'>, databases: Databases): Promise<void> {
  if (!config.production) return
  await refuseDemoCredentials({ url: databases.urlOf('identity'), variable: config.databaseVariable('identity'), log })
}

async function openGateway(start: Start, subgraphs: readonly SubgraphExecutor[], ready?: Check): Promise<string> {
  const schema = fileURLToPath(new URL('./schema', import.meta.url))
  const supergraph = await readFile(`${schema}/supergraph.graphql`, 'utf8')
  const operations = await loadOperations(`${schema}/operations`)
  const routes = start.graph.flatMap(({ name, routes }) => routes.map(({ prefix }) => ({ prefix, subgraph: name })))
  const door = await startGateway({ ...start, ...(ready && { ready }), subgraphs, routes, supergraph, operations })
  start.parts.unshift({ name: 'gateway', drain: door.drain })
  start.log.info({ url: `${door.url}/graphql` }, 'Switchyard is open')
  return door.url
}

/** Subgraphs in other processes, each connected to at its first use. */
function remotes({ config, graph, log, parts }: Start): (name: string) => SubgraphExecutor {
  const signer = viewerSigner(config.internalSecret)
  const signClient = clientSigner(config.internalSecret)
  const made = new Map<string, SubgraphExecutor>()
  return (name) => {
    const known = made.get(name)
    if (known) return known
    const url = config.subgraphUrl(name) ?? `http://localhost:${portOf(name, graph)}/graphql`
    const executor = remoteExecutor({ name, url, signer, signClient, timeout: config.subgraphTimeout, log })
    made.set(name, executor)
    parts.push({ name: `connections to ${name}`, drain: executor.close })
    return executor
  }
}

const portOf = (name: string, graph: readonly Subgraph[]) => firstPort + graph.findIndex((one) => one.name === name)
