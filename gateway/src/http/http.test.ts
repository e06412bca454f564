import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type AuditResult, auditServer } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { type Answer, codesOf, type World, world } from '../testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world()
})
afterAll(() => app.gateway.drain())

const outcome = (answer: Answer) => [answer.status, codesOf(answer)]
const json = { 'content-type': 'application/json' }

/** A request as no client library would send it. */
const raw = (method: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(app.gateway.url + path, { method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end()
  })

describe('GraphQL over HTTP', () => {
  describe('as its audit sees it', () => {
    let open: World
    beforeAll(async () => {
      // the audit asks for the schema
      open = await world({ config: { graphiql: true } })
    })
    afterAll(() => open.gateway.drain())

    const notesOf = (results: AuditResult[]) =>
      results.filter(({ status }) => status !== 'ok').map(({ status, name }) => `${status}: ${name}`)

    it('leaves nothing to be noted but that foreign pages may not send a GET', async () => {
      const json = 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/'
      expect(notesOf(await auditServer({ url: open.address }))).toEqual([
        'notice: MAY accept application/x-www-form-urlencoded formatted GET requests',
        `notice: ${json}graphql-response+json`,
        `notice: ${json}json`,
      ])
    })

    it('leaves nothing at all to be noted by a client that no foreign page could be', async () => {
      const fetchFn: typeof fetch = (url, init) => {
        const headers = new Headers(init?.headers)
        headers.set('apollo-require-preflight', '1')
        return fetch(url, { ...init, headers })
      }
      const results = await auditServer({ url: open.address, fetchFn })
      expect(results.length).toBeGreaterThan(60)
      expect(notesOf(results)).toEqual([])
    })
  })

  it('answers queries by GET', async () => {
    expect(await app.get('?query={__typename}')).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } })
  })

  it('runs no mutation by GET', async () => {
    const answer = await app.get('?query=mutation{closeDeal{id}}')
    expect(outcome(answer)).toEqual([405, ['BAD_REQUEST']])
    expect(answer.headers.get('allow')).toBe('POST')
  })

  it('refuses a GET that a foreign page could have sent', async () => {
    expect(outcome(await app.get('?query={__typename}', {}))).toEqual([400, ['BAD_REQUEST']])
  })

  it('refuses a POST that a foreign page could have sent', async () => {
    const answer = await app.post('{"query":"{__typename}"}', { 'content-type': 'text/plain' })
    expect(outcome(answer)).toEqual([400, ['BAD_REQUEST']])
  })

  it('says that subscriptions have their own way in', async () => {
    const answer = await app.ask('subscription { dealChanged { cursor } }')
    expect(outcome(answer)).toEqual([400, ['BAD_REQUEST']])
    expect(answer.body.errors?.[0]?.message).toContain('WebSocket')
  })

  it.each([
    ['a batch', '[{"query":"{__typename}"},{"query":"{__typename}"}]'],
    ['an empty batch', '[]'],
    ['null', 'null'],
    ['a text', '"{__typename}"'],
    ['an empty object', '{}'],
    ['a query that is a number', '{"query":1}'],
    ['variables that are a text', '{"query":"{__typename}","variables":"{}"}'],
    ['an operation name that is a number', '{"query":"{__typename}","operationName":1}'],
    ['broken JSON', '{"query":'],
  ])('refuses %s', async (_, body) => {
    expect(outcome(await app.post(body))).toEqual([400, ['BAD_REQUEST']])
  })

  it('refuses an operation that the document does not have', async () => {
    const answer = await app.post({ query: 'query A { __typename }', operationName: 'B' })
    expect(outcome(answer)).toEqual([400, ['OPERATION_RESOLUTION_FAILURE']])
  })

  it('refuses two operations of which none is named', async () => {
    const answer = await app.post({ query: 'query A { __typename } query B { __typename }' })
    expect(outcome(answer)).toEqual([400, ['OPERATION_RESOLUTION_FAILURE']])
  })

  it('refuses a body that is too large, also when it was packed', async () => {
    const large = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(300_000) } })
    expect(outcome(await app.post(large))).toEqual([413, ['BAD_REQUEST']])
    const packed = await app.send({
      method: 'POST',
      headers: { ...json, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(10_000_000)),
    })
    expect(outcome(packed)).toEqual([413, ['BAD_REQUEST']])
  })

  it('refuses an encoding that it does not know', async () => {
    const answer = await app.post('{}', { 'content-encoding': 'rot13' })
    expect(outcome(answer)).toEqual([415, ['BAD_REQUEST']])
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('refuses %s', async (method) => {
    const { status, headers } = await raw(method, '/graphql')
    expect([status, headers.allow]).toEqual([405, 'GET, POST'])
  })

  it('answers in JSON where there is nothing', async () => {
    const { status, text } = await raw('GET', '/', { accept: 'text/html' })
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([404, 'NOT_FOUND'])
  })

  it('tells the subgraph when the client has gone', async () => {
    const leaving = AbortSignal.timeout(50)
    const body = JSON.stringify({ query: '{ slow(milliseconds: 250) }' })
    await expect(app.send({ method: 'POST', headers: json, body, signal: leaving })).rejects.toThrow()
    await eventually(() => app.crm.subgraph.received.at(-1)?.signal?.aborted === true)
  })

  it('has nothing below its own address', async () => {
    expect((await raw('POST', '/graphql/elsewhere')).status).toBe(404)
  })

  it('names the part of a variable that does not fit', async () => {
    const query = 'query Q($filter: DealFilter) { deals(filter: $filter) }'
    const answer = await app.ask(query, undefined, { filter: { since: 'yesterday' } })
    const message = 'DateTime must be a moment such as 2026-01-31T09:30:00Z.'
    expect(outcome(answer)).toEqual([400, ['BAD_USER_INPUT']])
    expect(answer.body.errors?.[0]?.extensions.data).toEqual({ fields: [{ path: 'filter.since', message }] })
  })

  it('checks scalars before it fetches', async () => {
    const { received } = app.crm.subgraph
    const before = received.length
    expect((await app.ask('{ echo(json: 1, since: "yesterday") }')).status).toBe(400)
    expect(received.length).toBe(before)
  })
})

describe('headers', () => {
  it('carry the id of the request, the client’s own if it is decent', async () => {
    const id = 'req.1_A-b'
    expect((await app.post({ query: '{ __typename }' }, { 'x-request-id': id })).headers.get('x-request-id')).toBe(id)
    const made = (await app.post({ query: '{ __typename }' }, { 'x-request-id': '{"level":60}' })).headers.get(
      'x-request-id',
    )
    expect(made).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('let pages of the allowed origins read, and no others', async () => {
    const allowed = await app.post({ query: '{ __typename }' }, { origin: 'https://console.example' })
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://console.example')
    expect(allowed.headers.get('access-control-expose-headers')).toContain('X-Request-Id')
    const foreign = await app.post({ query: '{ __typename }' }, { origin: 'https://evil.example' })
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('answer a preflight for the allowed origins only', async () => {
    const preflight = (origin: string) =>
      raw('OPTIONS', '/graphql', { origin, 'access-control-request-method': 'POST' })
    const allowed = await preflight('https://console.example')
    expect(allowed.status).toBe(204)
    expect(allowed.headers['access-control-allow-headers']).toContain('Authorization')
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('do not tell what the gateway is made of', async () => {
    const { headers } = await app.ask('{ __typename }')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('bring the idempotency key to the subgraph, and refuse one that is none', async () => {
    await app.post({ query: 'mutation { createCustomer(name: "A") { id } }' }, { 'idempotency-key': 'key-1' })
    expect(app.crm.subgraph.received.at(-1)?.idempotencyKey).toBe('key-1')
    expect((await app.post({ query: '{ __typename }' }, { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400)
  })

  it('show no plan', async () => {
    const answer = await app.post({ query: '{ customer(id: 1) { id } }' }, { 'apollo-query-plan-experimental': '1' })
    expect(Object.keys(answer.body)).toEqual(['data'])
  })
})

describe('the schema', () => {
  it.each(['{ __schema { types { name } } }', '{ __type(name: "User") { name } }'])(
    'is not shown: %s',
    async (query) => {
      expect(outcome(await app.ask(query, 'alice'))).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']])
    },
  )

  it('is shown to administrators', async () => {
    const { body } = await app.ask('{ __type(name: "User") { name } }', 'root')
    expect(body).toEqual({ data: { __type: { name: 'User' } } })
  })

  it('is not given away by suggestions', async () => {
    const { body } = await app.ask('{ custome(id: 1) { id } }')
    expect(body.errors?.[0]?.message).toBe('Cannot query field "custome" on type "Query".')
  })

  it('has none of what subgraphs tell only the gateway', async () => {
    for (const query of [
      '{ viewerByToken(token: "alice") }',
      '{ _service { sdl } }',
      '{ _entities(representations: []) { __typename } }',
    ]) {
      expect(outcome(await app.ask(query, 'root'))).toEqual([400, ['GRAPHQL_VALIDATION_FAILED']])
    }
  })
})
