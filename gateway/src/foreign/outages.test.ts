// Servers that misbehave on the wire, each in its own way, and what of it reaches a client: nothing but null fields.
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Misbehaviour } from '../testing/plain-server.ts'
import { type Shop, shop } from '../testing/shop.ts'
import { codesOf } from '../testing/world.ts'

let app: Shop
beforeAll(async () => {
  app = await shop({ subgraphTimeout: 600 })
})
afterEach(() => {
  app.opinions.misbehave = undefined
  app.shelf.misbehave = undefined
})
afterAll(() => app.close())

const json = { 'content-type': 'application/json' }
const secret = 'postgres://shop@10.0.0.7/shop'
const says = (text: string, headers: Record<string, string> = json): Misbehaviour => {
  return (response) =>
    response.writeHead(200, { ...headers, 'x-secret': secret, 'set-cookie': `secret=${secret}` }).end(text)
}
const entities = (text: string) => says(`{"data":{"_entities":${text}}}`)
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

const misbehaviours: [string, Misbehaviour][] = [
  ['accepts and never answers', () => {}],
  [
    'answers byte by byte',
    (response, whole) => {
      response.writeHead(200, json)
      const timer = setInterval(() => response.write(whole.at(0)), 20)
      response.on('close', () => clearInterval(timer))
    },
  ],
  ['answers with a text', says(`Error at ${secret}`, { 'content-type': 'text/plain' })],
  ['answers with HTML and 200', says(`<html>${secret}</html>`, { 'content-type': 'text/html' })],
  ['answers with HTML that calls itself JSON', says(`<html>${secret}</html>`)],
  [
    'answers with the right JSON as text',
    (response, whole) => response.setHeader('content-type', 'text/plain').end(whole),
  ],
  ['answers with nothing at all', says('')],
  ['answers with null', says('null')],
  ['answers with a number', says('1')],
  ['answers with a list', says('[{"data":{}}]')],
  ['answers with neither data nor errors', says(`{"secret":"${secret}"}`)],
  ['answers with data that is a list', says('{"data":[]}')],
  ['answers with data that is a text', says(`{"data":"${secret}"}`)],
  ['answers with no errors in a list', says('{"data":null,"errors":[]}')],
  ['answers with errors that are texts', says(`{"errors":["${secret}"]}`)],
  ['answers with errors without a message', says('{"errors":[{}]}')],
  ['answers with null for data and no error', says('{"data":null}')],
  ['answers with too few entities', entities('[]')],
  ['answers with too many entities', entities('[{"reviews":[]},{"reviews":[]}]')],
  ['answers with entities that are no list', entities('{"reviews":[]}')],
  ['answers with no entities', says('{"data":{}}')],
  [
    'answers with a body cut in the middle',
    (response, whole) => response.writeHead(200, { ...json, 'content-length': '9999' }).end(whole),
  ],
  [
    'closes the connection after its headers',
    (response) => {
      response.writeHead(200, json).flushHeaders()
      setTimeout(() => response.socket?.destroy(), 20)
    },
  ],
  ['closes the connection at once', (response) => response.socket?.destroy()],
  ['answers with what is no HTTP', (response) => response.socket?.end(`${secret}\r\n\r\n`)],
  [
    'answers in a packed form that nobody asked for',
    (response, whole) => response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(whole)),
  ],
  [
    'answers with a bomb',
    (response) =>
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000, '['))),
  ],
  ['fails with 500 and a page', (response) => response.writeHead(500, { 'content-type': 'text/html' }).end(secret)],
  ['fails with 500 and JSON of its own', (response) => response.writeHead(500, json).end(`{"message":"${secret}"}`)],
  ['is busy', (response) => response.writeHead(503, { 'retry-after': '9' }).end()],
  [
    'sends one elsewhere',
    (response, whole) => response.writeHead(307, { ...json, location: app.shelf.url }).end(whole),
  ],
  ['answers with no content', (response) => response.writeHead(204).end()],
  ['nests JSON without end', says(`{"data":${nested(100_000)}}`)],
]

const answerWithoutEnd: Misbehaviour = (response) => {
  response.writeHead(200, json).write('{"data":"')
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  }
  response.on('drain', more)
  more()
}

const query = '{ product(id: 1) { id name reviews { stars } } }'
const others = { id: '1', name: 'Product 1' }

describe('a server that misbehaves', () => {
  it.each(misbehaviours)('costs its own fields and nothing else, and in time, when it %s', async (_, misbehaviour) => {
    app.opinions.misbehave = misbehaviour
    const since = performance.now()
    const answer = await app.ask(query)
    expect(performance.now() - since).toBeLessThan(3000)
    expect(answer.body).toEqual({
      data: { product: { ...others, reviews: null } },
      errors: [
        {
          message: 'A part of the service is not available right now: try again shortly.',
          path: ['product', 'reviews'],
          extensions: { code: 'SERVICE_UNAVAILABLE' },
        },
      ],
    })
    expect(answer.status).toBe(200)
    expect(JSON.stringify([...answer.headers])).not.toMatch(/secret|postgres|10\.0\.0/)
    app.opinions.misbehave = undefined
    expect((await app.ask(query)).body.errors).toBeUndefined()
  })

  it('costs its own fields, with the limit, when it answers without end', async () => {
    app.opinions.misbehave = answerWithoutEnd
    const { status, body } = await app.ask(query)
    expect([status, body.data]).toEqual([200, { product: { ...others, reviews: null } }])
    expect(body.errors).toMatchObject([
      { path: ['product', 'reviews'], extensions: { code: 'QUERY_TOO_EXPENSIVE', data: { limit: 16 * 2 ** 20 } } },
    ])
    app.opinions.misbehave = undefined
    expect((await app.ask(query)).body.errors).toBeUndefined()
  })

  it.each([
    ['fields of other types', '[{"reviews":{"stars":"many"}}]'],
    ['an entity that is a text', `["${secret}"]`],
    ['an entity that is a list', '[[]]'],
    ['lists where objects are due', '[{"reviews":[[]]}]'],
    ['null where there is always something', '[{"reviews":[{"stars":null}]}]'],
    ['names that objects are born with', '[{"__proto__":{"name":"x"},"constructor":1,"reviews":null}]'],
    ['deeply nested values', `[{"reviews":[{"stars":${nested(5000)}}]}]`],
    ['deeply nested values of fields that nobody asked for', `[{"reviews":[],"more":${nested(50_000)}}]`],
  ])('costs its own fields when its entities are wrong in shape: %s', async (_, wrong) => {
    app.opinions.misbehave = entities(wrong)
    const { status, body } = await app.ask(query)
    expect([status, body.data?.product]).toMatchObject([200, others])
    expect(JSON.stringify(body)).not.toMatch(/postgres|many|\[\[\[/)
  })

  it('does not let what it nests without end reach the answer, not even where the schema allows anything', async () => {
    app.shelf.misbehave = says(`{"data":{"when":${nested(100_000)}}}`)
    const answer = await app.ask('{ when newest { stars } }')
    expect([answer.status, answer.body.data]).toEqual([200, { when: null, newest: { stars: 5 } }])
    expect(codesOf(answer)).toEqual(['SERVICE_UNAVAILABLE'])
  })

  it('costs its own fields when nobody listens at its address', async () => {
    const { opinions } = app
    const [, port = ''] = /:(\d+)\//.exec(opinions.url) ?? []
    await opinions.close()
    const answer = await app.ask(query)
    expect([answer.body.data, codesOf(answer)]).toEqual([
      { product: { ...others, reviews: null } },
      ['SERVICE_UNAVAILABLE'],
    ])
    // somebody else listens there now, who accepts and closes
    const stranger = createServer((socket) => socket.destroy()).listen(Number(port), '127.0.0.1')
    expect((await app.ask(query)).body.data).toEqual({ product: { ...others, reviews: null } })
    await new Promise((resolve) => stranger.close(resolve))
  })
})

describe('an operation of many slow fetches', () => {
  it('keeps what it has when its time is over, and blames no server for that', async () => {
    const app = await shop({ subgraphTimeout: 1000, operationTimeout: 400 })
    const slowly: Misbehaviour = (response, whole) => void wait(250).then(() => says(whole)(response, whole))
    app.shelf.misbehave = slowly
    app.opinions.misbehave = slowly
    const since = performance.now()
    for (let count = 0; count < 6; count++, app.clock.advance(300)) {
      const answer = await app.ask(query)
      expect([answer.body.data, codesOf(answer)]).toEqual([
        { product: { ...others, reviews: null } },
        ['SERVICE_UNAVAILABLE'],
      ])
    }
    expect((performance.now() - since) / 6).toBeLessThan(700)
    app.opinions.misbehave = undefined
    expect((await app.ask(query)).body.errors).toBeUndefined()
    await app.close()
  })
})

describe('a server that keeps misbehaving', () => {
  it('is spared after a while, asked by one probe, and trusted again when it answers that', async () => {
    const app = await shop()
    const metric = async () => /circuit_open\{subgraph="reviews"\} (\d)/.exec(await app.metrics.registry.metrics())?.[1]
    app.opinions.misbehave = says('nonsense')
    for (let count = 0; count < 5; count++) {
      await app.ask(query)
      app.clock.advance(300)
    }
    expect([app.opinions.asked.length, await metric()]).toEqual([5, '1'])
    const spared = await app.ask(query)
    expect([codesOf(spared), app.opinions.asked.length]).toEqual([['SERVICE_UNAVAILABLE'], 5])

    app.clock.advance(2000)
    app.opinions.misbehave = (response, whole) => void wait(100).then(() => says(whole)(response, whole))
    const answers = await Promise.all([1, 2, 3].map((id) => app.ask(query.replace('1', String(id)))))
    expect(answers.filter(({ body }) => body.errors).length).toBe(2)
    expect([app.opinions.asked.length, await metric()]).toEqual([6, '0'])
    expect((await app.ask(query)).body.errors).toBeUndefined()
    await app.close()
  })

  it('is not blamed for requests that it refuses', async () => {
    const app = await shop()
    for (let count = 0; count < 8; count++) {
      app.opinions.misbehave = (response) =>
        response.writeHead(count % 2 ? 401 : 413, { 'content-type': 'text/html' }).end(secret)
      const answer = await app.ask(query)
      expect(answer.body).toMatchObject({
        data: { product: { ...others, reviews: null } },
        errors: [{ path: ['product', 'reviews'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } }],
      })
      expect(JSON.stringify(answer.body)).not.toContain('postgres')
      app.clock.advance(300)
    }
    app.opinions.misbehave = undefined
    expect((await app.ask(query)).body.errors).toBeUndefined()
    await app.close()
  })

  it('is not blamed for clients who leave', async () => {
    const app = await shop()
    app.opinions.misbehave = () => {}
    for (let count = 0; count < 8; count++) {
      const body = JSON.stringify({ query })
      const headers = { 'content-type': 'application/json' }
      const leaving = fetch(`${app.gateway.url}/graphql`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(60),
      })
      await expect(leaving).rejects.toThrow()
      app.clock.advance(300)
    }
    app.opinions.misbehave = undefined
    await wait(50)
    expect((await app.ask(query)).body.errors).toBeUndefined()
    await app.close()
  })
})
