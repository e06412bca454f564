import { createHash } from 'node:crypto'
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSocket } from '../testing/socket.ts'
import { type Answer, codesOf, type World, world } from '../testing/world.ts'
import { loadOperations } from './manifest.ts'

const customers = 'query PartnerCustomers($first: Int) {\n  customers(first: $first) { totalCount }\n}\n'
const secret = 'query PartnerSecrets { me { id } }\n'
const consoles = 'query One { me { id } }\nquery Two { ...Parts }\nfragment Parts on Query { customer(id: 1) { id } }\n'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const partner: Viewer = { ...anonymous, kind: 'PARTNER', id: 'acme', operations: ['PartnerCustomers'] }

let app: World
beforeAll(async () => {
  app = await world({ operations: consoles, partners: [customers, secret] })
  app.identity.admit('key', partner)
})
afterAll(() => app.gateway.drain())

const outcome = (answer: Answer) => [answer.status, codesOf(answer)]
const asPartner = (body: Record<string, unknown>) => app.post(body, { authorization: 'Bearer key' })
const answered = { status: 200, body: { data: { customers: { totalCount: 2 } } } }
const variables = { first: 2 }

describe('a partner', () => {
  it.each([
    ['documentId', { documentId: sha256(customers) }],
    ['documentId with its prefix', { documentId: `sha256:${sha256(customers)}` }],
    ['documentId of the trimmed text', { documentId: sha256(customers.trim()) }],
    ['Apollo’s extension', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(customers) } } }],
    ['the text', { query: customers }],
    ['the text in other spacing', { query: `# a comment\n${customers.replaceAll('\n', ' , ')}` }],
  ])('runs what its key is registered for, by %s', async (_, body) => {
    expect(await asPartner({ ...body, variables })).toMatchObject(answered)
  })

  it('runs it by GET', async () => {
    const search = `?documentId=${sha256(customers)}&variables=${encodeURIComponent('{"first":2}')}`
    const headers = { authorization: 'Bearer key', 'apollo-require-preflight': '1' }
    expect(await app.get(search, headers)).toMatchObject(answered)
  })

  it.each([
    ['an unknown id', { documentId: sha256('x') }, 404, 'PERSISTED_QUERY_NOT_IN_LIST'],
    [
      'the id of what another key is registered for',
      { documentId: sha256(secret) },
      404,
      'PERSISTED_QUERY_NOT_IN_LIST',
    ],
    [
      'the id of a console’s operation',
      { documentId: sha256('query One { me { id } }') },
      404,
      'PERSISTED_QUERY_NOT_IN_LIST',
    ],
    ['a text of its own', { query: '{ __typename }' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    [
      'a registered text with one more field',
      { query: customers.replace('totalCount', 'totalCount __typename') },
      403,
      'QUERY_NOT_IN_SAFELIST',
    ],
    ['a text that cannot be read', { query: '{ "' }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['the text that another key is registered for', { query: secret }, 403, 'QUERY_NOT_IN_SAFELIST'],
    ['nothing', { variables: {} }, 400, 'PERSISTED_QUERY_ID_REQUIRED'],
    ['both id and text', { documentId: sha256(customers), query: customers }, 400, 'CANNOT_SEND_PQ_ID_AND_BODY'],
    ['an id that is an object', { documentId: { a: 1 } }, 400, 'BAD_REQUEST'],
    ['a hash that is an object', { extensions: { persistedQuery: { sha256Hash: { a: 1 } } } }, 400, 'BAD_REQUEST'],
    ['a batch', [{ query: customers }], 400, 'BAD_REQUEST'],
  ])('is refused %s', async (_, body, status, code) => {
    expect(outcome(await asPartner(body as Record<string, unknown>))).toEqual([status, [code]])
  })

  it('is held to the same over a WebSocket', async () => {
    const socket = await openSocket(app.address, { token: 'key' })
    await socket.acknowledged()
    socket.run('1', '{ __typename }')
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'QUERY_NOT_IN_SAFELIST' } }],
    })
    socket.run('2', '', { documentId: sha256(customers), variables })
    expect((await socket.next())?.payload).toEqual(answered.body)
    socket.close()
  })
})

describe('everybody else', () => {
  it('sends what they like', async () => {
    expect((await app.ask('{ __typename }')).status).toBe(200)
  })

  it('may send ids of either kind', async () => {
    expect(await app.post({ documentId: sha256('query One { me { id } }') })).toMatchObject({
      body: { data: { me: null } },
    })
    expect(await app.post({ documentId: sha256(customers), variables })).toMatchObject(answered)
  })

  it('finds an operation by its own text and the fragments beside it', async () => {
    const text = 'query Two { ...Parts }\nfragment Parts on Query { customer(id: 1) { id } }'
    expect(await app.post({ documentId: sha256(text) })).toMatchObject({ body: { data: { customer: { id: '1' } } } })
  })

  it('cannot register anything by sending it', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256('{ __typename }') } }
    expect(outcome(await app.post({ query: '{ __typename }', extensions }))).toEqual([
      400,
      ['CANNOT_SEND_PQ_ID_AND_BODY'],
    ])
    expect(outcome(await app.post({ extensions }))).toEqual([404, ['PERSISTED_QUERY_NOT_IN_LIST']])
  })
})

describe('the folder of known operations', () => {
  it('is read whole, each operation once', async () => {
    const manifest = await loadOperations(new URL('../../../schema/operations', import.meta.url).pathname)
    const names = manifest.map(({ name }) => name)
    expect(names).toContain('DealChanged')
    expect(new Set(names).size).toBe(names.length)
    expect(manifest.filter(({ audience }) => audience === 'partners')).toHaveLength(3)
  })
})
