import type { Readiness } from '@switchyard/runtime/process/readiness'
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

  const eventually = { timeout: 5000, interval: 100 }

  it('name each dependency', async () => {
    expect(await ready(app)).toEqual([200, { status: 'ok', dependencies: { identity: 'ok', crm: 'ok' } }])
  })

  it('call a gateway without one of its subgraphs degraded, and without identity not ready', async () => {
    app.crm.subgraph.fault = 'silent'
    await expect
      .poll(() => ready(app), eventually)
      .toEqual([200, { status: 'degraded', dependencies: { identity: 'ok', crm: 'does not answer' } }])
    app.crm.subgraph.fault = undefined
    app.identity.subgraph.fault = 'down'
    await expect
      .poll(() => ready(app), eventually)
      .toEqual([503, { status: 'unavailable', dependencies: { identity: 'does not answer', crm: 'ok' } }])
    app.identity.subgraph.fault = undefined
    await expect.poll(async () => (await ready(app))[0], eventually).toBe(200)
  })

  it('ask at most once a second, however often they are asked', async () => {
    const other = await world()
    const asked = () => other.crm.subgraph.received.filter(({ query }) => query === '{ __typename }').length
    const began = performance.now()
    const answers = await Promise.all(Array.from({ length: 200 }, () => ready(other)))
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]))
    expect(asked()).toBeLessThanOrEqual(1 + (performance.now() - began) / 1000)
    await other.gateway.drain()
  })

  it('tell what a subgraph says it misses, with its name', async () => {
    const other = await world()
    const { identity, crm } = other
    let postgres = 'does not answer'
    const state = (status: Readiness['status'], dependencies: Record<string, string>) => async () =>
      ({ status, dependencies }) satisfies Readiness
    Object.assign(identity.subgraph, { ready: state('ok', { postgres: 'ok', redis: 'ok' }) })
    Object.assign(crm.subgraph, {
      ready: async () => state('unavailable', { postgres, redis: 'ok' })(),
    })
    expect(await ready(other)).toEqual([
      200,
      {
        status: 'degraded',
        dependencies: { postgres: 'crm: does not answer', redis: 'ok', identity: 'ok', crm: 'unavailable' },
      },
    ])
    postgres = 'ok'
    Object.assign(identity.subgraph, { ready: state('unavailable', { postgres: 'does not answer', redis: 'ok' }) })
    await expect.poll(async () => (await ready(other))[0], eventually).toBe(503)
    await other.gateway.drain()
  })

  it('count what the process needs besides', async () => {
    const own: Readiness = { status: 'unavailable', dependencies: { redis: 'drops jobs' } }
    const other = await world({ ready: async () => own })
    const [status, body] = await ready(other)
    await other.gateway.drain()
    expect([status, body.dependencies]).toMatchObject([503, { redis: 'drops jobs', crm: 'ok' }])
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
