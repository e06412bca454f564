// A running gateway over the test graph, and the few ways in which a test speaks to it.
import { randomBytes } from 'node:crypto'
import { settableClock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { usualLimits } from '@switchyard/runtime/limits'
import { createMetrics } from '@switchyard/runtime/metrics'
import type { Check } from '@switchyard/runtime/process/readiness'
import { testLog } from '@switchyard/runtime/testing/log'
import { startGateway } from '../gateway.ts'
import { operationsOf } from '../operations/manifest.ts'
import { crmTypeDefs, testCrm } from './crm.ts'
import { composed, type Fault } from './graph.ts'
import { identityTypeDefs, testIdentity, user } from './identity.ts'

const supergraph = composed({ identity: identityTypeDefs, crm: crmTypeDefs })

export const usualConfig: Config = {
  production: false,
  port: undefined,
  host: '127.0.0.1',
  databaseUrl: () => undefined,
  databaseVariable: () => 'DATABASE_URL',
  databaseLoginUrl: undefined,
  databasePool: 2,
  redisUrl: undefined,
  dataDir: '.data',
  smtpUrl: undefined,
  mailFrom: 'switchyard@test.example',
  tenant: 'demo',
  authSecret: randomBytes(32),
  internalSecret: randomBytes(32),
  externalIssuer: undefined,
  serviceKey: undefined,
  internalCidrs: ['127.0.0.0/8'],
  trustedProxies: [],
  rateLimits: { anonymous: 1_000_000, viewer: 1_000_000 },
  corsAllowedOrigins: ['https://console.example'],
  graphiql: false,
  supergraph: undefined,
  forwardHeaders: [],
  limits: usualLimits,
  subgraphTimeout: 300,
  operationTimeout: 10_000,
  statementTimeout: 240,
  sockets: { perAddress: 200, perViewer: 20 },
  subgraphUrl: () => undefined,
  logLevel: 'silent',
}

export type Answer = {
  status: number
  headers: Headers
  body: { data?: Record<string, unknown> | null; errors?: { message: string; extensions: Record<string, unknown> }[] }
}

export type World = Awaited<ReturnType<typeof world>>

type Settings = {
  config?: Partial<Config>
  operations?: string
  /** Each of them a file of its own. */
  partners?: readonly string[]
  ready?: Check
  /** What is wrong with crm before the gateway starts. */
  crmFault?: Fault
}

export async function world({ config: changed, operations = '', partners = [], ready, crmFault }: Settings = {}) {
  const identity = testIdentity()
  const crm = testCrm()
  crm.subgraph.fault = crmFault
  identity.admit('alice', user('alice', 'AGENT'))
  identity.admit('root', user('root', 'ADMIN'))
  const clock = settableClock()
  const gateway = await startGateway({
    config: { ...usualConfig, ...changed },
    log: testLog('gateway'),
    metrics: createMetrics(),
    clock,
    subgraphs: [identity.subgraph, crm.subgraph],
    supergraph,
    operations: [
      ...(operations ? operationsOf(operations, 'console') : []),
      ...partners.flatMap((text) => operationsOf(text, 'partners')),
    ],
    port: 0,
    ...(ready && { ready }),
  })
  const address = `${gateway.url}/graphql`

  async function send(init: RequestInit, search = ''): Promise<Answer> {
    const response = await fetch(address + search, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }

  return {
    identity,
    crm,
    clock,
    gateway,
    address,
    send,
    /** Posts a body as it is. */
    post: (body: unknown, headers: Record<string, string> = {}) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** Asks a question, with a token when one is given. */
    ask: (query: string, token?: string, variables?: Record<string, unknown>) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      }),
    get: (search: string, headers: Record<string, string> = { 'apollo-require-preflight': '1' }) =>
      send({ headers }, search),
  }
}

export const codesOf = ({ body }: Answer) => body.errors?.map(({ extensions }) => extensions.code)
