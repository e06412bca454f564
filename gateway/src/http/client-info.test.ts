// What subgraphs are told of the client that sent an operation.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

let app: World
const { connect, closeAll } = sockets(() => app.address)
beforeAll(async () => {
  app = await world({ config: { trustedProxies: ['loopback'] } })
})
afterEach(closeAll)
afterAll(() => app.gateway.drain())

const seen = () => app.crm.subgraph.received.at(-1)?.client
const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7', 'user-agent': 'console/1.0' }
const client = { ipAddress: '203.0.113.7', userAgent: 'console/1.0' }

describe('a subgraph is told the address and the name of the client', () => {
  it.each(['{ customer(id: 1) { id } }', 'mutation { createCustomer(name: "Anna") { id } }'])(
    'that sent %j over HTTP, and over WebSocket',
    async (query) => {
      await app.post({ query }, { ...headers, authorization: 'Bearer alice' })
      expect(seen()).toEqual(client)
      app.crm.subgraph.received.length = 0
      const socket = await connect({ token: 'alice', headers })
      await socket.acknowledged()
      socket.run('1', query)
      expect(await socket.next()).toMatchObject({ type: 'next' })
      expect(seen()).toEqual(client)
    },
  )

  it('without what such a header says where no proxy is trusted', async () => {
    const open = await world()
    await open.post({ query: '{ customer(id: 1) { id } }' }, { ...headers, 'user-agent': 'x'.repeat(5000) })
    expect(open.crm.subgraph.received.at(-1)?.client).toEqual({ ipAddress: '127.0.0.1', userAgent: 'x'.repeat(256) })
    await open.gateway.drain()
  })

  it('but not with a subscription, which clients share', async () => {
    const socket = await connect({ token: 'alice', headers })
    await socket.acknowledged()
    socket.run('1', 'subscription { dealChanged { kind } }')
    await expect.poll(() => app.crm.subgraph.received.at(-1)?.query).toContain('subscription')
    expect(seen()).toBeUndefined()
  })
})
