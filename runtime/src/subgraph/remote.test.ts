// A remote executor and a subgraph's server against each other, over real sockets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { afterEach, expect, test } from 'vitest'
import { notFound, unauthenticated } from '../errors.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { CounterExecutor } from '../testing/counter-executor.ts'
import { viewerSigner, viewerVerifier } from '../viewer/signed-viewer.ts'
import { anonymous, service, type Viewer } from '../viewer/viewer.ts'
import type { SubgraphExecutor, SubgraphRequest } from './executor.ts'
import { remoteExecutor } from './remote.ts'
import { type SubgraphServer, serveSubgraph } from './server.ts'
import { opened } from './wire.ts'

const log = createLog('silent', 'test')
const secret = new TextEncoder().encode('a secret of the gateway and its subgraphs')
const ana: Viewer = { ...anonymous, kind: 'USER', id: 'ana', roles: ['AGENT'], permissions: { 'crm.deal.read': 'own' } }
const request = (query: string, more: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  query,
  variables: {},
  viewer: ana,
  requestId: 'request-1',
  ...more,
})

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serve(executor: SubgraphExecutor, port = 0, ready = async () => 'ok'): Promise<SubgraphServer> {
  const verify = viewerVerifier(secret)
  const metrics = createMetrics()
  const newest = async () => (executor instanceof CounterExecutor ? String(executor.told) : undefined)
  const options = { executor, verify, newest, port, host: '127.0.0.1', log, metrics, ready, internalCidrs: ['127.0.0.0/8'] }
  const server = await serveSubgraph(options)
  closing.push(() => server.drain())
  return server
}

function reach(url: string, { key = secret, timeout = 2000 } = {}) {
  const remote = remoteExecutor({ name: 'counter', url, signer: viewerSigner(key), timeout, log })
  closing.push(() => remote.close())
  return remote
}

async function listen(remote: SubgraphExecutor, more: Partial<SubgraphRequest> = {}) {
  const query = 'subscription ($after: String) { counted(after: $after) { count cursor } }'
  const result = await remote.subscribe(request(query, more))
  if (!(Symbol.asyncIterator in result)) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result
}

const countOf = async (events: AsyncIterableIterator<ExecutionResult>) =>
  ((await events.next()).value?.data?.counted as { count: number } | undefined)?.count

test('the subgraph sees the operation and who asks, and the gateway its answer', async () => {
  const executor = new CounterExecutor()
  executor.answer = async () => ({ data: { deal: null }, errors: [notFound('crm.deal', '7')] })
  const remote = reach((await serve(executor)).url)
  const asked = request('query ($id: ID!) { deal(id: $id) { id } }', { variables: { id: '7' }, idempotencyKey: 'once' })
  const result = await remote.execute(asked)
  expect(executor.seen[0]).toMatchObject({ ...asked })
  expect(result.data).toEqual({ deal: null })
  expect(result.errors?.[0]).toBeInstanceOf(GraphQLError)
  expect(result.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
})

test('whoever brings no signature, or another one, learns nothing', async () => {
  const executor = new CounterExecutor()
  const { url, port } = await serve(executor)
  const forged = await viewerSigner(new TextEncoder().encode('a secret that somebody else has made up'))(
    service('x', []),
  )
  for (const headers of [{}, { 'x-switchyard-viewer': forged }, { 'x-user-role': 'admin' }]) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ _service { sdl } }' }),
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({
      errors: [unauthenticated('This subgraph answers the gateway only.').toJSON()],
    })
  }
  const stranger = reach(url, { key: new TextEncoder().encode('another secret that is long enough'), timeout: 300 })
  await expect(stranger.execute(request('{ ok }'))).rejects.toMatchObject({
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  })
  await expect(listen(stranger)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  expect(executor.seen).toEqual([])
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('process_cpu')
})

test('bodies that hold no operation are refused, and too big ones before they are read', async () => {
  const { url } = await serve(new CounterExecutor())
  const viewer = await viewerSigner(secret)(ana)
  const post = (body: string, type = 'application/json') =>
    fetch(url, { method: 'POST', headers: { 'content-type': type, 'x-switchyard-viewer': viewer }, body })
  for (const body of ['', '{', '[]', 'null', '{"query":1}', '{"query":"{ok}","variables":"x"}']) {
    expect((await post(body)).status, body).toBe(400)
  }
  expect((await post('{"query":"{ok}"}', 'text/plain')).status).toBe(400)
  expect((await post(JSON.stringify({ query: 'x'.repeat(3_000_000) }))).status).toBe(413)
})

test('a client that goes away aborts what the subgraph does for it', async () => {
  const executor = new CounterExecutor()
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  executor.answer = ({ signal }) => new Promise(() => signal?.addEventListener('abort', () => resolve()))
  const remote = reach((await serve(executor)).url)
  const client = new AbortController()
  const answer = remote.execute(request('{ slow }', { signal: client.signal }))
  await expect.poll(() => executor.seen.length).toBe(1)
  client.abort()
  await expect(answer).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  await aborted
})

test('an answer that is late, or no GraphQL result, is SERVICE_UNAVAILABLE', async () => {
  const bodies = ['<html>', '[]', '{}', '{"errors":[]}', '{"errors":["x"]}', '"{', '{"data":1}', '{"data":{}']
  const server = createServer((incoming, response) => {
    incoming.resume()
    const body = bodies.shift()
    if (body !== undefined) response.end(body)
  }).listen(0, '127.0.0.1')
  await sleep(20)
  closing.push(async () => server.close().closeAllConnections())
  const remote = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, { timeout: 300 })
  const count = bodies.length + 1
  for (let i = 0; i < count; i++) {
    await expect(remote.execute(request('{ ok }'))).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
  }
})

test('a query is asked once more after a reset, a mutation is not', async () => {
  let asked = 0
  const server = createServer((incoming, response) => {
    asked++
    incoming.resume()
    if (asked % 2 === 1) return incoming.socket.destroy()
    response.end('{"data":{"ok":true}}')
  }).listen(0, '127.0.0.1')
  await sleep(20)
  closing.push(async () => server.close().closeAllConnections())
  const remote = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
  expect(await remote.execute(request('{ ok }'))).toEqual({ data: { ok: true } })
  expect(asked).toBe(2)
  await expect(remote.execute(request('mutation { ok }'))).rejects.toThrow('not available')
  expect(asked).toBe(3)
})

test('subscriptions of several viewers share a socket, and each is opened as its own', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  const [first, second] = await Promise.all([listen(remote), listen(remote, { viewer: { ...ana, id: 'ben' } })])
  expect(executor.seen.map(({ viewer }) => viewer.id).sort()).toEqual(['ana', 'ben'])
  executor.tell()
  expect(await Promise.all([countOf(first), countOf(second)])).toEqual([1, 1])
  const waiting = first.next()
  await first.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  await expect.poll(() => executor.events.length).toBe(1)
  for (const { end } of executor.events) end()
  expect(await second.next()).toEqual({ done: true, value: undefined })
})

test('a refused subscription comes as a result, also for an operation with a forged viewer', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  executor.refusal = { errors: [unauthenticated()] }
  const refused = await remote.subscribe(request('subscription { counted { count } }'))
  expect(refused).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  const sign = viewerSigner(secret)
  const other = viewerSigner(new TextEncoder().encode('another secret that is long enough'))
  const signer = (viewer: Viewer) => (viewer.kind === 'SERVICE' ? sign(viewer) : other(viewer))
  const forger = remoteExecutor({ name: 'counter', url: (await serve(executor)).url, signer, timeout: 2000, log })
  closing.push(() => forger.close())
  expect(await forger.subscribe(request('subscription { counted { count } }'))).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  })
  expect(executor.seen).toHaveLength(1)
})

test('a subscription survives a restart of its subgraph and misses nothing', async () => {
  const executor = new CounterExecutor()
  const first = await serve(executor)
  const remote = reach(first.url)
  const events = await listen(remote)
  executor.tell()
  expect(await countOf(events)).toBe(1)
  await first.drain()
  executor.tell()
  executor.tell()
  executor.refusal = { errors: [new GraphQLError('warming up', { extensions: { code: 'SERVICE_UNAVAILABLE' } })] }
  await serve(executor, first.port)
  await sleep(100)
  executor.refusal = undefined
  const began = performance.now()
  expect([await countOf(events), await countOf(events)]).toEqual([2, 3])
  expect(performance.now() - began).toBeLessThan(1500)
  executor.tell()
  expect(await countOf(events)).toBe(4)
})

test('a subscription to a subgraph that is not there is SERVICE_UNAVAILABLE in time', async () => {
  const remote = reach('http://127.0.0.1:9/graphql', { timeout: 300 })
  await expect(listen(remote)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
})

test('draining finishes what is in flight, answers nothing new and is not ready', async () => {
  const executor = new CounterExecutor()
  const { promise: work, resolve } = Promise.withResolvers<ExecutionResult>()
  executor.answer = () => work
  const server = await serve(executor)
  const remote = reach(server.url)
  const inFlight = remote.execute(request('{ slow }'))
  const events = await listen(remote)
  await expect.poll(() => executor.seen.length).toBe(2)
  const drained = server.drain()
  await expect(fetch(server.url.replace('graphql', 'ready'))).rejects.toThrow()
  resolve({ data: { slow: true } })
  expect(await inFlight).toEqual({ data: { slow: true } })
  await drained
  await events.return?.()
})

test('readiness names what is missing', async () => {
  const { url } = await serve(new CounterExecutor(), 0, async () => 'no database')
  const response = await fetch(url.replace('graphql', 'ready'))
  expect([response.status, await response.json()]).toEqual([503, { status: 'no database' }])
})

test('the word that a subscription is open never reaches the listener', async () => {
  const executor = new CounterExecutor()
  const events = await listen(reach((await serve(executor)).url))
  executor.tell()
  expect((await events.next()).value).not.toEqual(opened('0'))
})
