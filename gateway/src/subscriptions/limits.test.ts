// A subscription is refused for the same reasons, in the same words, as a question over HTTP; and connections have caps.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

let app: World
const { connect, closeAll } = sockets(() => app.address)

afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

describe('a subscription', () => {
  it.each([
    ['a syntax error', 'subscription { dealChanged {', {}],
    ['an unknown field', 'subscription { nothing }', {}],
    ['a missing variable', 'subscription S($id: ID!) { dealChanged(pipelineId: $id) { cursor } }', {}],
    ['a wrong variable', 'subscription S($id: ID!) { dealChanged(pipelineId: $id) { cursor } }', { id: {} }],
    ['depth', `subscription { dealChanged { deal { ${'owner { '.repeat(13)} id ${'}'.repeat(13)} } } }`, {}],
    [
      'aliases',
      `subscription { dealChanged { ${Array.from({ length: 60 }, (_, n) => `a${n}: cursor`).join(' ')} } }`,
      {},
    ],
    ['two root fields', 'subscription { dealChanged { cursor } other: dealChanged { cursor } }', {}],
    [
      '@include at its root',
      'subscription S($on: Boolean!) { dealChanged @include(if: $on) { cursor } }',
      { on: true },
    ],
    [
      '@skip at its root',
      'subscription { ...F @skip(if: false) } fragment F on Subscription { dealChanged { cursor } }',
      {},
    ],
    ['several operations', 'subscription A { dealChanged { cursor } } subscription B { dealChanged { cursor } }', {}],
  ])('is refused for %s as over HTTP, and the connection goes on', async (_, query, variables) => {
    app = await world()
    const socket = await connect({ token: 'alice' })
    expect(await socket.acknowledged()).toBe(true)
    socket.run('1', query, { variables })
    const message = await socket.next()
    const { body } = await app.ask(query, 'alice', variables)
    expect(message).toEqual({ id: '1', type: 'error', payload: body.errors })
    expect(body.errors?.length).toBeGreaterThan(0)
    expect(app.crm.subgraph.received).toEqual([])
    socket.run('2', '{ __typename }')
    expect((await socket.next())?.payload).toEqual({ data: { __typename: 'Query' } })
  })

  it('over HTTP is told where it is opened', async () => {
    app = await world()
    const { body } = await app.ask('subscription { dealChanged { cursor } }', 'alice')
    expect(body.errors).toMatchObject([
      { message: 'A subscription is opened over the WebSocket at this address.', extensions: { code: 'BAD_REQUEST' } },
    ])
  })
})

describe('connections', () => {
  it('of one address beyond its cap are refused with 429, until one of them ends', async () => {
    app = await world({ config: { sockets: { perAddress: 2, perViewer: 20 } } })
    const [first] = [await connect(), await connect()]
    await expect(connect()).rejects.toThrow('429')
    first?.close()
    await vi.waitFor(async () => expect(await (await connect()).acknowledged()).toBe(true))
  })

  it('of one viewer beyond its cap end with 4509, whatever others have, until one of them ends', async () => {
    app = await world({ config: { sockets: { perAddress: 20, perViewer: 2 } } })
    const both = [await connect({ token: 'alice' }), await connect({ token: 'alice' })]
    for (const socket of both) expect(await socket.acknowledged()).toBe(true)
    expect(await (await connect({ token: 'alice' })).closed).toBe(4509)
    expect(await (await connect({ token: 'root' })).acknowledged()).toBe(true)
    both[0]?.close()
    await vi.waitFor(async () => expect(await (await connect({ token: 'alice' })).acknowledged()).toBe(true))
  })

  it('end with 4406 without the subprotocol, 4409 for an id in use, 4429 for a second init, 1007 for no UTF-8', async () => {
    app = await world()
    const follow = { id: '1', type: 'subscribe', payload: { query: 'subscription { dealChanged { cursor } }' } }
    const twice = await connect({ token: 'alice' })
    expect(await twice.acknowledged()).toBe(true)
    twice.send(follow)
    twice.send(follow)
    expect(await twice.closed).toBe(4409)
    const again = await connect({ token: 'alice' })
    again.send({ type: 'connection_init' })
    expect(await again.closed).toBe(4429)
    const plain = new WebSocket(app.address.replace('http', 'ws'))
    expect(await new Promise((resolve) => plain.once('close', resolve))).toBe(4406)
    const garbled = await connect()
    garbled.socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect(await garbled.closed).toBe(1007)
  })
})
