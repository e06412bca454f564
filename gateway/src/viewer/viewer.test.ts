import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { user } from '../testing/identity.ts'
import { codesOf, type World, world } from '../testing/world.ts'

const me = '{ me { id roles } }'
let app: World

beforeEach(async () => {
  app = await world()
})
afterEach(() => app.gateway.drain())

const viewerOf = async (token?: string) => (await app.ask(me, token)).body.data?.me
const lastViewer = () => app.identity.subgraph.received.at(-1)?.viewer

describe('a token', () => {
  it('stands for the viewer that identity says', async () => {
    expect(await viewerOf('alice')).toEqual({ id: 'alice', roles: ['AGENT'] })
  })

  it('is not needed to be nobody', async () => {
    expect(await viewerOf()).toBeNull()
    expect(lastViewer()).toEqual(anonymous)
  })

  it('is refused with 401 for the whole request when identity refuses it', async () => {
    const answer = await app.ask('{ __typename }', 'nobody')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(answer.body).toEqual({
      errors: [{ message: 'The token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
    })
  })

  it.each(['alice', 'Basic YWxpY2U6', 'Bearer', 'Bearer a b', 'Bearer é'])(
    'is refused with 401 when written as %j',
    async (authorization) => {
      const headers = { authorization: Buffer.from(authorization).toString('latin1') }
      const answer = await app.post({ query: '{ __typename }' }, headers)
      expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']])
    },
  )

  it('is asked for once, however many requests come with it at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => viewerOf('alice')))
    await viewerOf('alice')
    expect(app.identity.timesAsked()).toBe(1)
  })

  it('stands for one and the same object while it is known', async () => {
    await viewerOf('alice')
    const first = lastViewer()
    await viewerOf('alice')
    expect(lastViewer()).toBe(first)
  })

  it('that was refused is not asked for again for two seconds', async () => {
    for (let count = 0; count < 3; count++) await app.ask(me, 'nobody')
    expect(app.identity.timesAsked()).toBe(1)
    app.clock.advance(2001)
    await app.ask(me, 'nobody')
    expect(app.identity.timesAsked()).toBe(2)
  })

  it('is asked for again after ten minutes', async () => {
    await viewerOf('alice')
    app.clock.advance(600_001)
    await viewerOf('alice')
    expect(app.identity.timesAsked()).toBe(2)
  })

  it('is asked for again once it has expired', async () => {
    app.identity.admit('short', { ...user('carol'), expiresAt: app.clock.now().getTime() + 1000 })
    expect(await viewerOf('short')).toMatchObject({ id: 'carol' })
    app.identity.revoke('short')
    app.clock.advance(1001)
    expect((await app.ask(me, 'short')).status).toBe(401)
  })

  it('cannot be made by headers of the client', async () => {
    await app.post(
      { query: me },
      { 'x-user-id': '1', 'x-user-role': 'admin', 'x-internal-service-key': 'x'.repeat(32) },
    )
    expect(lastViewer()).toEqual(anonymous)
  })
})

describe('while identity is down', () => {
  it('viewers who are known go on until their token ends', async () => {
    const expiresAt = app.clock.now().getTime() + 3_600_000
    app.identity.admit('hour', { ...user('carol'), expiresAt })
    await viewerOf('hour')
    app.identity.subgraph.fault = 'down'
    app.clock.advance(1_200_000)
    expect((await app.ask('{ customer(id: 1) { id } }', 'hour')).status).toBe(200)
    app.clock.advance(3_600_000)
    const answer = await app.ask('{ customer(id: 1) { id } }', 'hour')
    expect([answer.status, codesOf(answer)]).toEqual([503, ['SERVICE_UNAVAILABLE']])
  })

  it.each(['down', 'refusing', 'silent', { answers: { nonsense: true } }] as const)(
    'unknown ones are told to try again (%j)',
    async (fault) => {
      app.identity.subgraph.fault = fault
      const answer = await app.ask('{ customer(id: 1) { id } }', 'alice')
      expect([answer.status, codesOf(answer)]).toEqual([503, ['SERVICE_UNAVAILABLE']])
    },
  )
})

describe('a viewer whose standing changes', () => {
  it('is asked for again when its user is named', async () => {
    await viewerOf('alice')
    app.identity.admit('alice', user('alice', 'MANAGER'))
    app.identity.changes.publish({ userId: 'alice', sessionId: null })
    await eventually(() => app.identity.timesAsked() === 1)
    expect(await viewerOf('alice')).toEqual({ id: 'alice', roles: ['MANAGER'] })
  })

  it('is refused when its session was ended', async () => {
    await viewerOf('alice')
    app.identity.revoke('alice')
    app.identity.changes.publish({ userId: null, sessionId: 'session-of-alice' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await app.ask(me, 'alice')).status).toBe(401)
  })

  it('is no other viewer', async () => {
    await viewerOf('alice')
    await viewerOf('root')
    app.identity.changes.publish({ userId: 'alice', sessionId: null })
    await new Promise((resolve) => setTimeout(resolve, 20))
    await viewerOf('root')
    expect(app.identity.timesAsked()).toBe(2)
  })

  it('may be anybody when the stream of changes was lost for a while', async () => {
    await viewerOf('alice')
    app.identity.revoke('alice')
    app.identity.changes.end()
    await eventually(() => app.identity.subgraph.openSubscriptions() === 0)
    await eventually(() => app.identity.subgraph.openSubscriptions() === 1)
    expect((await app.ask(me, 'alice')).status).toBe(401)
  })

  it('stays known, unasked, where identity is down after the stream was lost', async () => {
    await viewerOf('alice')
    app.identity.subgraph.fault = 'down'
    app.identity.changes.end()
    await eventually(() => app.identity.subgraph.openSubscriptions() === 0)
    expect((await app.ask('{ customer(id: 1) { id } }', 'alice')).status).toBe(200)
  })
})

describe('the internal service key', () => {
  const serviceKey = 'k'.repeat(32)

  it('makes its sender a service', async () => {
    const internal = await world({ config: { serviceKey } })
    await internal.post({ query: me }, { 'x-internal-service-key': serviceKey })
    const viewer = internal.identity.subgraph.received.at(-1)?.viewer
    const wrong = await internal.post({ query: me }, { 'x-internal-service-key': `${serviceKey}x` })
    await internal.gateway.drain()
    expect(viewer).toMatchObject({ kind: 'SERVICE', id: 'internal', permissions: {} })
    expect(wrong.status).toBe(401)
  })

  it('is nothing from an address that is not ours, whatever a header says', async () => {
    const outside = await world({ config: { serviceKey, internalCidrs: ['10.0.0.0/8'] } })
    await outside.post({ query: me }, { 'x-internal-service-key': serviceKey, 'x-forwarded-for': '10.0.0.1' })
    const viewer = outside.identity.subgraph.received.at(-1)?.viewer
    await outside.gateway.drain()
    expect(viewer).toEqual(anonymous)
  })
})
