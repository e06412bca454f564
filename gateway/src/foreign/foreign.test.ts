import { randomBytes } from 'node:crypto'
import { createMetrics } from '@switchyard/runtime/metrics'
import { testLog } from '@switchyard/runtime/testing/log'
import { getIntrospectionQuery } from 'graphql'
import { SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startForeignGateway } from '../gateway.ts'
import { type Shop, shop, shopSupergraph } from '../testing/shop.ts'
import { openSocket } from '../testing/socket.ts'
import { codesOf, usualConfig } from '../testing/world.ts'

let app: Shop
beforeAll(async () => {
  app = await shop({ graphiql: true, forwardHeaders: ['authorization', 'x-shop'], subgraphTimeout: 5000 })
})
afterEach(() => {
  app.shelf.misbehave = undefined
})
afterAll(() => app.close())

describe('a graph that is not ours', () => {
  it('is answered from its own servers', async () => {
    const { status, body } = await app.ask('{ product(id: 1) { name reviews { stars } } newest { text } }')
    expect(body).toEqual({
      data: { product: { name: 'Product 1', reviews: [{ stars: 5 }] }, newest: { text: 'Good' } },
    })
    expect(status).toBe(200)
  })

  it('is changed by mutations', async () => {
    const { body } = await app.ask('mutation { rename(id: 1, name: "Chair") { name reviews { stars } } }')
    expect(body).toEqual({ data: { rename: { name: 'Chair', reviews: [{ stars: 5 }] } } })
  })

  it('is alive, ready, and asked without a token', async () => {
    expect((await fetch(`${app.gateway.url}/health`)).status).toBe(200)
    const ready = await fetch(`${app.gateway.url}/ready`)
    expect(await ready.json()).toEqual({ status: 'ok', dependencies: { products: 'ok', reviews: 'ok' } })
    expect(await app.ask('{ __typename }')).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } })
  })

  it('shows its schema where GraphiQL is shown', async () => {
    expect((await app.ask(getIntrospectionQuery())).body).toMatchObject({ data: { __schema: {} } })
  })

  it('has scalars that mean what its servers say, whatever they are called', async () => {
    expect((await app.ask('{ when(at: "tomorrow, perhaps") }')).body).toEqual({ data: { when: 'tomorrow, perhaps' } })
  })
})

describe('its subscriptions', () => {
  const subscription = 'subscription { reviewed { id name reviews { stars } } }'
  const open = async (query: string) => {
    const socket = await openSocket(`${app.gateway.url}/graphql`)
    await socket.acknowledged()
    socket.run('1', query)
    return socket
  }
  const event = (id: string) => ({
    data: { reviewed: { id, name: `Product ${id}`, reviews: [{ stars: 5 }] } },
  })

  it('bring its events, completed by its other servers', async () => {
    const sockets = await Promise.all([open(subscription), open(subscription)])
    await expect.poll(app.reviewed.listeners).toBe(1)
    app.reviewed.publish({ reviewed: { id: '1' } })
    app.reviewed.publish({ reviewed: { id: '2' } })
    for (const socket of sockets) {
      expect((await socket.next())?.payload).toEqual(event('1'))
      expect((await socket.next())?.payload).toEqual(event('2'))
      socket.close()
    }
    await expect.poll(app.reviewed.listeners).toBe(0)
  })

  it('end with the server, and say so', async () => {
    const socket = await open(subscription)
    await expect.poll(app.reviewed.listeners).toBe(1)
    app.opinions.cut()
    expect(await socket.next()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
    })
    expect((await socket.next())?.type).toBe('complete')
    socket.close()
  })

  it('are refused by the server in no words of its own', async () => {
    const socket = await open('subscription { refusing { id } }')
    const told = await socket.next()
    expect(JSON.stringify(told)).toMatch(/DOWNSTREAM_SERVICE_ERROR/)
    expect(JSON.stringify(told)).not.toMatch(/not for you|10\.0/)
    socket.close()
  })
})

describe('what its servers are handed', () => {
  it('are the headers that the operator names, the id of the request, and nothing else of the client', async () => {
    const headers = { authorization: 'Basic eDp5', 'x-shop': 'a', 'x-user-role': 'admin', cookie: 'a=b' }
    await app.ask('{ product(id: 1) { name reviews { stars } } }', { ...headers, 'x-request-id': 'mine' })
    for (const server of [app.shelf, app.opinions]) {
      const { headers } = server.asked.at(-1) ?? {}
      expect(headers).toMatchObject({ authorization: 'Basic eDp5', 'x-shop': 'a', 'x-request-id': 'mine' })
      expect(Object.keys(headers ?? {})).not.toEqual(expect.arrayContaining(['x-user-role']))
      expect(headers?.cookie).toBeUndefined()
    }
  })
})

describe('what its servers say is wrong', () => {
  it('is told where it happened and by the id of the request, and never in their words', async () => {
    const answer = await app.ask('{ failing newest { text } }', { 'x-request-id': 'mine' })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      data: { failing: null, newest: { text: 'Good' } },
      errors: [
        {
          message: 'Something went wrong in a subgraph. Request mine.',
          path: ['failing'],
          extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', data: { requestId: 'mine' } },
        },
      ],
    })
  })

  it.each([400, 401, 403, 500, 503])('is read from an answer with status %i', async (status) => {
    app.shelf.misbehave = (response) =>
      response
        .writeHead(status, { 'content-type': 'application/graphql-response+json; charset=utf-8' })
        .end('{"data":{"failing":null},"errors":[{"message":"10.0.0.7","path":["failing"]}]}')
    const answer = await app.ask('{ failing newest { text } }')
    expect([answer.body.data, codesOf(answer)]).toEqual([
      { failing: null, newest: { text: 'Good' } },
      ['DOWNSTREAM_SERVICE_ERROR'],
    ])
  })
})

describe('where an issuer is configured', () => {
  const secret = randomBytes(32)
  const token = (claims: object, key = secret) =>
    new SignJWT({ sub: 'anna', iss: 'us', exp: Date.now() / 1000 + 60, ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(key)
  let closed: Shop
  beforeAll(async () => {
    closed = await shop({ externalIssuer: { secret, issuer: 'us' } })
  })
  afterAll(() => closed.close())

  it('answers the holders of its tokens', async () => {
    const answer = await closed.ask('{ newest { text } }', { authorization: `Bearer ${await token({})}` })
    expect(answer.body).toEqual({ data: { newest: { text: 'Good' } } })
    expect(closed.opinions.asked.at(-1)?.headers.authorization).toBeUndefined()
  })

  it.each([
    ['no token', undefined],
    ['a token of somebody else', token({}, randomBytes(32))],
    ['a token that has ended', token({ exp: Date.now() / 1000 - 60 })],
    ['a token of another issuer', token({ iss: 'them' })],
    ['a token for nobody', token({ sub: undefined })],
  ])('refuses %s', async (_, shown) => {
    const headers = shown === undefined ? {} : { authorization: `Bearer ${await shown}` }
    const answer = await closed.ask('{ newest { text } }', headers as Record<string, string>)
    expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']])
  })
})

describe('a supergraph that cannot be served', () => {
  const start = (supergraph: string, config = {}) =>
    startForeignGateway({
      config: { ...usualConfig, ...config },
      log: testLog('gateway'),
      metrics: createMetrics(),
      clock: { now: () => new Date() },
      supergraph,
      port: 0,
    })

  it.each([
    ['text that is no SDL', '{ "a": 1 }'],
    ['a schema that is no supergraph', 'type Query { a: Int }'],
    ['nothing', ''],
  ])('is told in one sentence: %s', async (_, sdl) => {
    await expect(start(sdl)).rejects.toThrow(/^SUPERGRAPH: the file is not a supergraph: [^\n]+$/)
  })

  it.each(['', 'shop.internal', 'ftp://shop.internal'])('is told in one sentence: the address %j', async (url) => {
    const sdl = shopSupergraph({ products: url, reviews: 'http://127.0.0.1:9/' })
    await expect(start(sdl)).rejects.toThrow(/^SUBGRAPH_URL_PRODUCTS: must be set, for [^\n]+$/)
  })

  it('is served where the environment knows the address', async () => {
    const sdl = shopSupergraph({ products: '', reviews: 'http://127.0.0.1:9/' })
    const gateway = await start(sdl, {
      subgraphUrl: (name: string) => (name === 'products' ? app.shelf.url : undefined),
    })
    const answer = await fetch(`${gateway.url}/graphql?query={products{id}}`, {
      headers: { 'apollo-require-preflight': '1' },
    })
    expect(await answer.json()).toEqual({ data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] } })
    await gateway.drain()
  })
})
