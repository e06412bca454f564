// What a process can be: everything at once, or one of the parts that a larger installation runs side by side.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadOperations, startGateway } from '@switchyard/gateway'
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { migrate } from '@switchyard/runtime/database/migrate'
import type { Log } from '@switchyard/runtime/log'
import type { Metrics } from '@switchyard/runtime/metrics'
import { startBackend } from '@switchyard/runtime/process/backend'
import { namedDatabases, ownDatabases } from '@switchyard/runtime/process/databases'
import { serveProbes } from '@switchyard/runtime/process/probes'
import type { Part } from '@switchyard/runtime/process/run'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { remoteExecutor } from '@switchyard/runtime/subgraph/remote'
import { serveSubgraph } from '@switchyard/runtime/subgraph/server'
import type { Subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { viewerSigner, viewerVerifier } from '@switchyard/runtime/viewer/signed-viewer'

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
  await openGateway(start, backend.subgraphs)
  return true
}

async function gateway(start: Start) {
  const remote = remotes(start)
  await openGateway(
    start,
    start.graph.map(({ name }) => remote(name)),
  )
  return true
}

async function subgraph(start: Start) {
  const { graph, subject, config, log, metrics, parts } = start
  const here = graph.filter(({ name }) => name === subject)
  const databases = namedDatabases(config)
  const backend = startBackend({ ...start, databases, here, elsewhere: remotes(start), works: false })
  parts.unshift(...backend.parts)
  const { host, internalCidrs } = config
  const verify = viewerVerifier(config.internalSecret)
  for (const executor of backend.subgraphs) {
    const port = config.port ?? portOf(executor.name, graph)
    const options = { executor, verify, port, host, log, metrics, ready: backend.ready, internalCidrs }
    const door = await serveSubgraph(options)
    parts.unshift({ name: executor.name, drain: door.drain })
    log.info({ url: door.url }, `${executor.name} answers the gateway`)
  }
  return true
}

async function worker(start: Start) {
  const { config, metrics, log, parts } = start
  const databases = namedDatabases(config)
  const backend = startBackend({ ...start, databases, here: start.graph, elsewhere: remotes(start), works: true })
  const { host, internalCidrs } = config
  const port = config.port ?? workerPort
  const door = await serveProbes({ host, port, internalCidrs, metrics, ready: backend.ready })
  parts.unshift(...backend.parts, { name: 'probes', drain: door.drain })
  log.info('at work')
  return true
}

async function migrateOnly(start: Start) {
  await migratedDatabases(start)
  return false
}

export const roles: Readonly<Record<string, Role>> = { all, gateway, subgraph, worker, migrate: migrateOnly }

async function migratedDatabases({ config, graph, log, parts }: Start) {
  const names = graph.map(({ name }) => name)
  const databases = await ownDatabases(config, [...names, 'jobs'], log)
  parts.unshift({ name: 'databases', drain: databases.stop })
  for (const { name, install } of graph) await migrate({ url: databases.urlOf(name), schema: name, install, log })
  return databases
}

async function openGateway(start: Start, subgraphs: readonly SubgraphExecutor[]) {
  const schema = fileURLToPath(new URL('./schema', import.meta.url))
  const supergraph = await readFile(`${schema}/supergraph.graphql`, 'utf8')
  const operations = await loadOperations(`${schema}/operations`)
  const door = await startGateway({ ...start, subgraphs, supergraph, operations })
  start.parts.unshift({ name: 'gateway', drain: door.drain })
  start.log.info({ url: `${door.url}/graphql` }, 'Switchyard is open')
}

/** Subgraphs in other processes, each connected to at its first use. */
function remotes({ config, graph, log, parts }: Start): (name: string) => SubgraphExecutor {
  const signer = viewerSigner(config.internalSecret)
  const made = new Map<string, SubgraphExecutor>()
  return (name) => {
    const known = made.get(name)
    if (known) return known
    const url = config.subgraphUrl(name) ?? `http://localhost:${portOf(name, graph)}/graphql`
    const executor = remoteExecutor({ name, url, signer, timeout: config.subgraphTimeout, log })
    made.set(name, executor)
    parts.push({ name: `connections to ${name}`, drain: executor.close })
    return executor
  }
}

const portOf = (name: string, graph: readonly Subgraph[]) => firstPort + graph.findIndex((one) => one.name === name)
