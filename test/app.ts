// The whole stack in this process, through its public door: what every feature's tests run against.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadOperations, startGateway } from '@switchyard/gateway'
import { settableClock } from '@switchyard/runtime/clock'
import { readConfig } from '@switchyard/runtime/config'
import { ledger, type OutboxRow } from '@switchyard/runtime/database/ledger'
import { createMetrics } from '@switchyard/runtime/metrics'
import { startBackend } from '@switchyard/runtime/process/backend'
import type { RunningSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { testDatabase } from '@switchyard/runtime/testing/database'
import { testLog } from '@switchyard/runtime/testing/log'
import { service, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { afterAll } from 'vitest'
import { graph } from '../graph.ts'
import { builders } from './builders.ts'
import { overHttp } from './over-http.ts'
import { type Person, people } from './people.ts'
import { openSession, type Session } from './session.ts'
import { users } from './users.ts'

export type { Person } from './people.ts'
export { type Answer, documents, type GraphError, type Received, type Session } from './session.ts'
export { password, type SignedIn } from './users.ts'

const root = new URL('../', import.meta.url)

export type TestApp = Awaited<ReturnType<typeof testApp>>

export type Shape = 'in process' | 'over HTTP'

/**
 * Starts the stack on a database of its own, once a test file; everything ends with the file. `environment` holds the
 * variables that differ from those of most tests; `shape` says how the gateway reaches the subgraphs.
 */
export async function testApp(environment: Readonly<Record<string, string>> = {}, shape: Shape = 'in process') {
  const database = await testDatabase(graph)
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-app-'))
  const jwtSecret = 'a secret that only the tests and the graph know'
  const config = readConfig({
    NODE_ENV: 'test',
    AUTH_SECRET: 'x'.repeat(32),
    INTERNAL_SECRET: 'y'.repeat(32),
    JWT_SECRET: jwtSecret,
    DATABASE_URL: database.url,
    DB_POOL: '5',
    DATA_DIR: dataDir,
    SMTP_URL: process.env.SMTP_URL,
    // many files start at once on a busy machine
    SUBGRAPH_TIMEOUT_MS: '10000',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    CORS_ALLOWED_ORIGINS: 'https://console.example',
    RATE_LIMIT_ANONYMOUS: '1000000',
    RATE_LIMIT_VIEWER: '1000000',
    ...environment,
  })
  const host = { config, log: testLog(), metrics: createMetrics(), clock: settableClock() }
  const backend = startBackend({
    ...host,
    databases: { urlOf: () => database.url, stop: database.drop },
    graph,
    here: graph,
    elsewhere: (name) => {
      throw new Error(`${name} is not part of this graph`)
    },
    works: true,
  })
  const served =
    shape === 'over HTTP' ? await Promise.all(backend.subgraphs.map((one) => overHttp(one, config, host.log))) : []
  const gateway = await startGateway({
    ...host,
    subgraphs: shape === 'over HTTP' ? served.map(({ remote }) => remote) : backend.subgraphs,
    ready: backend.ready,
    routes: graph.flatMap(({ name, routes }) => routes.map(({ prefix }) => ({ prefix, subgraph: name }))),
    supergraph: readFileSync(new URL('schema/supergraph.graphql', root), 'utf8'),
    operations: await loadOperations(fileURLToPath(new URL('schema/operations', root))),
    port: 0,
  })
  const closing: (() => Promise<void>)[] = []
  afterAll(async () => {
    for (const close of closing) await close()
    await gateway.drain()
    for (const { close } of served) await close()
    for (const part of backend.parts) await part.drain()
    await database.drop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const as = (person: Person | null): Session => openSession(gateway.url, person?.token, (close) => closing.push(close))
  const subgraph = (name: string): RunningSubgraph => {
    const found = backend.subgraphs.find((one) => one.name === name)
    if (!found) throw new Error(`There is no subgraph ${name}.`)
    return found
  }

  /** Waits until everything that was committed has been published, and what reacts to it has. */
  async function settled(): Promise<void> {
    for (const { database: its, name } of backend.subgraphs) {
      const owed = async () => {
        const [row] = await its.sql`
          select (select count(*) from ${its.sql(name)}.outbox where position is null)
            + (select count(*) from ${its.sql(name)}.dispatches where due_at is null) as count`
        return Number(row?.count)
      }
      for (let tries = 0; (await owed()) > 0; tries++) {
        if (tries > 500) throw new Error(`${name} does not come to rest.`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  }

  return {
    as,
    nobody: as(null),
    url: gateway.url,
    config,
    clock: host.clock,
    database,
    metrics: host.metrics,
    subgraph,
    ...people(as, jwtSecret, host.clock),
    ...users(as),
    ...builders(as),
    /** The events of an entity, or of this type, in the order of their recording. */
    async events(type: string, entityId?: string): Promise<OutboxRow[]> {
      const name = type.split('.')[0] ?? ''
      const { outbox } = ledger(name)
      const rows = await subgraph(name).database.db.select().from(outbox).orderBy(outbox.sequence)
      return rows.filter((row) => row.type === type && (!entityId || row.entityId === entityId))
    },
    /** The viewer whom the gateway makes of this person's token. */
    async viewerOf({ token }: Person): Promise<Viewer> {
      const { data } = await subgraph('identity').execute({
        query: 'query ($token: String!) { viewerByToken(token: $token) }',
        variables: { token },
        viewer: service('test', ['identity.viewer.resolve']),
        requestId: 'test',
      })
      return data?.viewerByToken as Viewer
    },
    settled,
    /** The SQL statements that a subgraph issues while the work runs. */
    async statements(name: string, work: () => Promise<unknown>): Promise<string[]> {
      const { database: itsDatabase } = subgraph(name)
      const texts: string[] = []
      await settled()
      itsDatabase.onStatement = (text) => texts.push(text)
      try {
        await work()
      } finally {
        itsDatabase.onStatement = undefined
      }
      return texts
    },
  }
}

let shared: Promise<TestApp> | undefined

/** The file's stack, with people of this test's own: nobody else owns what they make. */
export async function world() {
  shared ??= testApp()
  const app = await shared
  const [admin, manager, alice, bob] = await Promise.all([
    app.aPerson('ADMIN', 'Ada'),
    app.aPerson('MANAGER', 'Max'),
    app.aPerson('AGENT', 'Alice'),
    app.aPerson('AGENT', 'Bob'),
  ])
  return { app, admin, manager, alice, bob }
}
