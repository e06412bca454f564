import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { eventually } from '../testing/eventually.ts'
import { user } from '../testing/identity.ts'
import { sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

const dealChanged =
  'subscription Changes($after: String) { dealChanged(after: $after) { cursor deal { id owner { name } } } }'

let app: World
const { connect, signedIn, closeAll } = sockets(() => app.address)

beforeEach(async () => {
  app = await world()
})
afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

const openFeeds = (count: number) => eventually(() => app.crm.subgraph.openSubscriptions() === count)

describe('connecting', () => {
  it('is refused with 4403 for a token that identity refuses', async () => {
    expect(await (await connect({ token: 'nobody' })).closed).toBe(4403)
  })

  it('is refused with 4403 for a malformed authorization', async () => {
    expect(await (await connect({ params: { authorization: 'alice' } })).closed).toBe(4403)
  })

  it('takes the token from the header of the upgrade, too', async () => {
    const socket = await connect({ headers: { authorization: 'Bearer alice' } })
    expect(await socket.acknowledged()).toBe(true)
    socket.run('1', '{ me { id } }')
    expect((await socket.next())?.payload).toEqual({ data: { me: { id: 'alice' } } })
  })

  it('is closed with 1013 while identity cannot tell whose token it is', async () => {
    app.identity.subgraph.fault = 'down'
    expect(await (await connect({ token: 'alice' })).closed).toBe(1013)
  })

  it('is refused with 403 to pages of other origins', async () => {
    await expect(connect({ headers: { origin: 'https://evil.example' } })).rejects.toThrow('403')
    expect(await (await connect({ headers: { origin: 'https://console.example' } })).acknowledged()).toBe(true)
    expect(await (await connect({ headers: { origin: app.gateway.url } })).acknowledged()).toBe(true)
  })

  it('ends with 4408 for a client that says nothing', async () => {
    expect(await (await connect({ silent: true })).closed).toBe(4408)
  })

  it('ends with 4401 for a client that asks before it has said who it is', async () => {
    const socket = await connect({ silent: true })
    socket.run('1', '{ __typename }')
    expect(await socket.closed).toBe(4401)
  })

  it('ends with 1009 for a message that is too large', async () => {
    const socket = await signedIn()
    socket.send({ type: 'ping', payload: { text: 'x'.repeat(70_000) } })
    expect(await socket.closed).toBe(1009)
  })

  it('ends with 4400 for what is no message', async () => {
    const socket = await signedIn()
    socket.send('nonsense')
    expect(await socket.closed).toBe(4400)
  })

  it('is refused with 4509 beyond twenty sockets of one viewer', async () => {
    for (let count = 0; count < 20; count++) await signedIn()
    expect(await (await connect({ token: 'alice' })).closed).toBe(4509)
  })

  it('bears fifty operations at once and refuses the next', async () => {
    const socket = await signedIn()
    for (let count = 0; count < 51; count++) socket.run(String(count), dealChanged)
    expect(await socket.next()).toMatchObject({
      id: '50',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    })
  })
})

describe('queries over the socket', () => {
  it('are answered like those over HTTP', async () => {
    const socket = await signedIn()
    socket.run('1', '{ me { id } customer(id: 1) { owner { name } } }')
    expect(await socket.next()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { me: { id: 'alice' }, customer: { owner: { name: 'ALICE' } } } },
    })
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
  })

  it('may be sent by nobody in particular', async () => {
    const socket = await connect()
    expect(await socket.acknowledged()).toBe(true)
    socket.run('1', '{ me { id } }')
    expect((await socket.next())?.payload).toEqual({ data: { me: null } })
  })

  it.each([
    ['a syntax error', '{ me {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection', '{ __type(name: "User") { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['depth', `{ customer(id: 1) ${'{ parent '.repeat(12)} { id } ${'}'.repeat(12)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['cost', '{ customers(first: 100) { nodes { deals(first: 100) { nodes { lines { id } } } } } }', 'BAD_USER_INPUT'],
    ['a wrong variable', 'query Q($id: ID!) { customer(id: $id) { id } }', 'BAD_USER_INPUT'],
  ])('are refused for %s in an error message, and the socket stays open', async (_, query, code) => {
    const socket = await signedIn()
    socket.run('1', query)
    expect(await socket.next()).toMatchObject({ id: '1', type: 'error', payload: [{ extensions: { code } }] })
    socket.run('2', '{ __typename }')
    expect((await socket.next())?.payload).toEqual({ data: { __typename: 'Query' } })
  })

  it('leave with masked errors', async () => {
    const socket = await signedIn()
    socket.run('1', '{ broken }')
    const message = JSON.stringify(await socket.next())
    expect(message).toContain('INTERNAL_SERVER_ERROR')
    expect(message).not.toContain('duplicate key')
  })
})

describe('a viewer whose standing changes while connected', () => {
  it('is let go with 4401 as soon as the session ends', async () => {
    const socket = await signedIn()
    app.identity.revoke('alice')
    const since = Date.now()
    app.identity.changes.publish({ userId: null, sessionId: 'session-of-alice' })
    expect(await socket.closed).toBe(4401)
    expect(Date.now() - since).toBeLessThan(1000)
  })

  it('is let go with 4401 when the token expires', async () => {
    app.identity.admit('short', { ...user('carol'), expiresAt: app.clock.now().getTime() + 100 })
    const socket = await signedIn('short')
    expect(await socket.closed).toBe(4401)
  })

  it('goes on with its new roles', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    app.identity.admit('alice', user('alice', 'VIEWER'))
    app.identity.changes.publish({ userId: 'alice', sessionId: null })
    await eventually(() => app.crm.subgraph.received.at(-1)?.viewer.roles[0] === 'VIEWER')
    await openFeeds(1)
    app.crm.changes.publish(dealChange('8'))
    expect((await socket.next())?.payload).toMatchObject({ data: { dealChanged: { cursor: '8' } } })
  })

  it('stays when nothing about it has changed', async () => {
    const socket = await signedIn()
    app.identity.changes.publish({ userId: 'alice', sessionId: null })
    socket.run('1', '{ me { id } }')
    expect((await socket.next())?.payload).toEqual({ data: { me: { id: 'alice' } } })
  })
})

describe('a gateway that is going away', () => {
  it('completes every subscription, then closes with 1001', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    void app.gateway.drain()
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
    expect(await socket.closed).toBe(1001)
    await openFeeds(0)
  })

  it('finishes the query that is being answered', async () => {
    const socket = await signedIn()
    socket.run('1', '{ slow(milliseconds: 200) }')
    await eventually(() => app.crm.subgraph.received.length === 1)
    void app.gateway.drain()
    expect((await socket.next())?.payload).toEqual({ data: { slow: 'done' } })
    expect(await socket.closed).toBe(1001)
  })
})
