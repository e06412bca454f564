import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, world } from '../testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world()
})
afterAll(() => app.gateway.drain())

describe('the probes', () => {
  const ready = async (of: World) => {
    const response = await fetch(`${of.gateway.url}/ready`)
    return [response.status, (await response.json()) as Record<string, unknown>] as const
  }

  it('say that the gateway is alive', async () => {
    expect((await fetch(`${app.gateway.url}/health`)).status).toBe(200)
  })

  it('name each dependency', async () => {
    expect(await ready(app)).toEqual([200, { status: 'ok', dependencies: { identity: 'ok', crm: 'ok' } }])
  })

  it('call a gateway without one of its subgraphs degraded, and without identity not ready', async () => {
    app.crm.subgraph.fault = 'silent'
    expect(await ready(app)).toEqual([
      200,
      { status: 'degraded', dependencies: { identity: 'ok', crm: 'unavailable' } },
    ])
    app.crm.subgraph.fault = undefined
    app.identity.subgraph.fault = 'down'
    expect(await ready(app)).toEqual([
      503,
      { status: 'unavailable', dependencies: { identity: 'unavailable', crm: 'ok' } },
    ])
    app.identity.subgraph.fault = undefined
  })

  it('count what the process needs besides', async () => {
    const other = await world({ ready: async () => ({ database: 'unavailable' }) })
    const [status, body] = await ready(other)
    await other.gateway.drain()
    expect([status, body.dependencies]).toMatchObject([503, { database: 'unavailable' }])
  })

  it('measure operations and fetches, and tell only our own network', async () => {
    await app.ask('{ customer(id: 1) { id } }')
    const text = await (await fetch(`${app.gateway.url}/metrics`)).text()
    expect(text).toContain('graphql_operation_duration_seconds_count{operation="other",type="query",outcome="ok"}')
    expect(text).toContain('subgraph_fetch_duration_seconds_count{subgraph="crm",outcome="ok"}')
    const outside = await world({ config: { internalCidrs: ['10.0.0.0/8'] } })
    const { status } = await fetch(`${outside.gateway.url}/metrics`)
    await outside.gateway.drain()
    expect(status).toBe(404)
  })
})
