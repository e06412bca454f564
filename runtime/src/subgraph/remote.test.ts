// A remote executor and a subgraph's server against each other, over real sockets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { notFound, unauthenticated } from '../errors.ts'
import type { Readiness } from '../process/readiness.ts'
import { CounterExecutor } from '../testing/counter-executor.ts'
import { ana, listen, otherSecret, reach, request, secret, serve } from '../testing/counter-link.ts'
import { clientInfo, clientSigner } from '../viewer/client-info.ts'
import { viewerSigner } from '../viewer/signed-viewer.ts'
import { service } from '../viewer/viewer.ts'
import type { Events } from './executor.ts'

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
  const forged = await viewerSigner(otherSecret)(service('x', []))
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
  const stranger = reach(url, { signer: viewerSigner(otherSecret), timeout: 300 })
  await expect(stranger.execute(request('{ ok }'))).rejects.toMatchObject({
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  })
  await expect(listen(stranger)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  expect(executor.seen).toEqual([])
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
  expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('process_cpu')
})

test('the subgraph knows the client that the gateway names, and believes nobody else', async () => {
  const executor = new CounterExecutor()
  const { url } = await serve(executor)
  const client = clientInfo('203.0.113.7', 'console/1.0')
  await reach(url).execute(request('{ ok }', { client }))
  expect(executor.seen.map((seen) => seen.client)).toEqual([client])
  await reach(url).execute(request('{ ok }'))
  expect(executor.seen[1]?.client).toBeUndefined()

  const viewer = await viewerSigner(secret)(ana)
  for (const forged of [JSON.stringify(client), await clientSigner(otherSecret)(client), viewer]) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-switchyard-viewer': viewer, 'x-switchyard-client': forged },
      body: '{"query":"{ ok }"}',
    })
    expect(response.status).toBe(401)
  }
  const asViewer = await clientSigner(secret)(client)
  expect((await fetch(url, { method: 'POST', headers: { 'x-switchyard-viewer': asViewer } })).status).toBe(401)
  expect(executor.seen).toHaveLength(2)
})

test('what two clients ask at once is not answered as if one had asked', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  const from = (ipAddress: string) =>
    remote.execute(request('{ ok }', { client: clientInfo(ipAddress, undefined), mayJoin: true }))
  await Promise.all([from('203.0.113.7'), from('203.0.113.8'), from('203.0.113.7')])
  expect(executor.seen.map(({ client }) => client?.ipAddress).sort()).toEqual(['203.0.113.7', '203.0.113.8'])
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
  onTestFinished(() => void server.close().closeAllConnections())
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
  onTestFinished(() => void server.close().closeAllConnections())
  const remote = reach(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`)
  expect(await remote.execute(request('{ ok }'))).toEqual({ data: { ok: true } })
  expect(asked).toBe(2)
  await expect(remote.execute(request('mutation { ok }'))).rejects.toThrow('not available')
  expect(asked).toBe(3)
})

test('a question that is too large is told as such, and is no fault of the subgraph', async () => {
  const remote = reach((await serve(new CounterExecutor())).url)
  const large = request('query ($text: String) { ok }', { variables: { text: 'x'.repeat(3_000_000) } })
  await expect(remote.execute(large)).rejects.toMatchObject({ extensions: { code: 'PAYLOAD_TOO_LARGE' } })
})

test('who may join waits for an answer in flight, unless something has happened since', async () => {
  const executor = new CounterExecutor()
  const remote = reach((await serve(executor)).url)
  const events: Events = await listen(remote)
  expect(events.beginning).toBe('0')
  const { promise: work, resolve } = Promise.withResolvers<ExecutionResult>()
  executor.answer = () => work
  const ask = () => remote.execute(request('{ ok }', { mayJoin: true }))
  const asked = () => executor.seen.filter(({ query }) => query === '{ ok }').length
  const answers = [ask(), ask(), remote.execute(request('{ ok }'))]
  await expect.poll(asked).toBe(2)

  executor.tell()
  await events.next()
  answers.push(ask(), ask())
  await expect.poll(asked).toBe(3)
  resolve({ data: { ok: true } })
  const results = await Promise.all(answers)
  expect(results.map(({ data }) => data)).toEqual(answers.map(() => ({ ok: true })))
  expect(new Set(results.map(({ data }) => data)).size).toBe(5)
  await events.return?.()
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

test('the subgraph says over HTTP what it misses, and that it is going away', async () => {
  const state: Readiness = { status: 'unavailable', dependencies: { postgres: 'does not answer', redis: 'ok' } }
  const server = await serve(new CounterExecutor(), 0, async () => state)
  const remote = reach(server.url)
  expect(await remote.ready?.()).toEqual(state)
  expect((await fetch(`http://127.0.0.1:${server.port}/ready`)).status).toBe(503)
  await server.drain()
  await expect(remote.ready?.()).rejects.toThrow()
})

test('an answer that is too large is told as such, and is no fault of the subgraph', async () => {
  const executor = new CounterExecutor()
  executor.answer = async () => ({ data: { text: 'x'.repeat(17 * 2 ** 20) } })
  const remote = reach((await serve(executor)).url)
  await expect(remote.execute(request('{ text }'))).rejects.toMatchObject({
    extensions: { code: 'QUERY_TOO_EXPENSIVE' },
  })
})
