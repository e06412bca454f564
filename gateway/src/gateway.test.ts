import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, type World, world } from './testing/world.ts'

describe('asking the graph', () => {
  let app: World
  beforeAll(async () => {
    app = await world()
  })
  afterAll(() => app.gateway.drain())

  it('answers from several subgraphs at once', async () => {
    const { status, body } = await app.ask('{ me { id } customer(id: 1) { name owner { id name } } }', 'alice')
    expect(body).toEqual({
      data: { me: { id: 'alice' }, customer: { name: 'Customer 1', owner: { id: 'alice', name: 'ALICE' } } },
    })
    expect(status).toBe(200)
  })

  it('keeps what stands when one subgraph is down', async () => {
    app.identity.subgraph.fault = 'refusing'
    const answer = await app.ask('{ customer(id: 1) { name owner { name } } }')
    app.identity.subgraph.fault = undefined
    expect(answer.body.data).toEqual({ customer: { name: 'Customer 1', owner: null } })
    expect(codesOf(answer)).toEqual(['SERVICE_UNAVAILABLE'])
    expect(answer.status).toBe(200)
  })
})
