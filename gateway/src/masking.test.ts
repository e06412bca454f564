import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, type World, world } from './testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world()
})
afterEach(() => {
  app.crm.subgraph.fault = undefined
})
afterAll(() => app.gateway.drain())

describe('what leaves of an error', () => {
  it('is its message, code and data where it follows the law', async () => {
    const { status, body } = await app.ask('{ missing { id } }')
    expect(body).toMatchObject({
      data: { missing: null },
      errors: [
        {
          message: 'There is no customer "7".',
          path: ['missing'],
          extensions: { code: 'NOT_FOUND', data: { entity: 'crm.customer', id: '7' } },
        },
      ],
    })
    expect(Object.keys(body.errors?.[0]?.extensions ?? {})).toEqual(['code', 'data'])
    expect(status).toBe(200)
  })

  it.each(['{ broken }', '{ brokenDriver }'])(
    'is the id of the request and nothing more where it does not: %s',
    async (query) => {
      const { body, headers } = await app.ask(query)
      const requestId = headers.get('x-request-id')
      expect(body.errors).toMatchObject([
        {
          message: `Something went wrong. Request ${requestId}.`,
          extensions: { code: 'INTERNAL_SERVER_ERROR', data: { requestId } },
        },
      ])
      expect(JSON.stringify(body)).not.toMatch(/duplicate|insert|10\.0\.0|stack|crm/)
    },
  )

  it.each([
    ['cannot be reached', 'refusing'],
    ['says so itself', 'down'],
    ['does not answer in time', 'silent'],
    ['answers with a text', { answers: '<html>' }],
    ['answers with nothing', { answers: undefined }],
    ['answers with neither data nor errors', { answers: {} }],
    ['answers with errors that are none', { answers: { errors: [{ text: 'x' }] } }],
  ] as const)('is SERVICE_UNAVAILABLE for a subgraph that %s', async (_, fault) => {
    app.crm.subgraph.fault = fault
    const answer = await app.ask('{ me { id } customer(id: 1) { id } }', 'alice')
    expect(answer.body).toEqual({
      data: { me: { id: 'alice' }, customer: null },
      errors: [expect.objectContaining({ path: ['customer'], extensions: { code: 'SERVICE_UNAVAILABLE' } })],
    })
    expect(answer.status).toBe(200)
  })

  it('stands at each field that the subgraph would have answered', async () => {
    app.identity.subgraph.fault = 'refusing'
    const { body } = await app.ask('{ me { id } customers(first: 2) { nodes { id owner { title: name } } } }')
    app.identity.subgraph.fault = undefined
    expect(body.errors).toMatchObject([
      { path: ['me'] },
      { path: ['customers', 'nodes', 0, 'owner', 'title'] },
      { path: ['customers', 'nodes', 1, 'owner', 'title'] },
    ])
  })

  it('is a 503 when nothing survives', async () => {
    app.crm.subgraph.fault = 'down'
    const answer = await app.ask('{ customer(id: 1) { id } }')
    expect([answer.status, codesOf(answer)]).toEqual([503, ['SERVICE_UNAVAILABLE']])
  })

  it('is a 403 when the whole operation is refused, and a 200 when something stands', async () => {
    const refused = await app.ask('{ users { id } }', 'alice')
    expect([refused.status, codesOf(refused)]).toEqual([403, ['FORBIDDEN']])
    const partial = await app.ask('{ users { id } me { id } }', 'alice')
    expect([partial.status, codesOf(partial)]).toEqual([200, ['FORBIDDEN']])
  })

  it('is a 429 that says when to come back', async () => {
    const answer = await app.ask('{ limited }')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
  })

  it('is a 200 for what the domain refuses', async () => {
    const answer = await app.ask('mutation { closeDeal { id } }')
    expect([answer.status, codesOf(answer)]).toEqual([200, ['INVALID_TRANSITION']])
  })
})
