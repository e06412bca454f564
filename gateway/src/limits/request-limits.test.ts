import type { Config } from '@switchyard/runtime/config'
import { newId } from '@switchyard/runtime/ids'
import { describe, expect, it, onTestFinished } from 'vitest'
import { user } from '../testing/identity.ts'
import { openSocket } from '../testing/socket.ts'
import { type Answer, type World, world } from '../testing/world.ts'
import { addressKey } from './client-key.ts'

const max = 5
const behindProxy = { trustedProxies: ['loopback'], rateLimits: { anonymous: max, viewer: max } }
const question = { query: '{ __typename }' }

async function started(config: Partial<Config> = {}): Promise<World> {
  const app = await world({ config: { ...behindProxy, ...config } })
  onTestFinished(() => app.gateway.drain())
  return app
}

/** An address that no other test sends from. */
const newAddress = () => `2001:db8:${newId().slice(-4)}:${newId().slice(-4)}::1`

const from = (address: string, token?: string) => ({
  'x-forwarded-for': address,
  ...(token && { authorization: `Bearer ${token}` }),
})

/** Sends one after the other, so that each sees the count of those before it. */
async function statuses(times: number, send: (index: number) => Promise<Answer>): Promise<number[]> {
  const all: number[] = []
  for (let index = 0; index < times; index++) all.push((await send(index)).status)
  return all
}

const allowedOnly = [...Array.from({ length: max }, () => 200), 429]

const backends = [
  { name: 'in one process', redisUrl: undefined },
  { name: 'on Redis', redisUrl: process.env.REDIS_TEST_URL },
].filter(({ name, redisUrl }) => name === 'in one process' || redisUrl !== undefined)

describe.each(backends)('requests of a client, counted $name', ({ redisUrl }) => {
  it('are answered 429 beyond the limit of an anonymous address, with headers that say when to try again', async () => {
    const app = await started({ redisUrl })
    const address = newAddress()
    const send = () => app.post(question, from(address))
    expect(await statuses(max + 1, send)).toEqual(allowedOnly)
    const { status, headers, body } = await send()
    expect(status).toBe(429)
    expect(body.errors?.[0]?.extensions).toEqual({
      code: 'RATE_LIMITED',
      data: { retryAfter: Number(headers.get('retry-after')) },
    })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.get('ratelimit-policy')).toBe(`"anonymous";q=${max};w=60`)
    expect(headers.get('ratelimit')).toMatch(/^"anonymous";r=0;t=\d+$/)
  })

  it('are counted for the viewer, from whichever address', async () => {
    const app = await started({ redisUrl })
    const [token, other] = [newId(), newId()]
    for (const each of [token, other]) app.identity.admit(each, user(each, 'AGENT'))
    expect(await statuses(max + 1, () => app.post(question, from(newAddress(), token)))).toEqual(allowedOnly)
    expect(await statuses(max - 1, () => app.post(question, from(newAddress(), other)))).not.toContain(429)
    const { status, headers } = await app.post(question, from(newAddress(), other))
    expect([status, headers.get('ratelimit-policy')]).toEqual([200, `"viewer";q=${max};w=60`])
    expect(headers.get('ratelimit')).toMatch(/^"viewer";r=0;t=\d+$/)
  })

  it('do not count against those who are signed in at the same address', async () => {
    const app = await started({ redisUrl })
    const [address, token] = [newAddress(), newId()]
    app.identity.admit(token, user(token, 'AGENT'))
    expect((await app.post(question, from(address, token))).status).toBe(200)
    await statuses(max + 1, () => app.post(question, from(address)))
    expect((await app.post(question, from(address, token))).status).toBe(200)
  })

  it('count for their address when their token is refused, and identity is not asked any more', async () => {
    const app = await started({ redisUrl })
    const address = newAddress()
    const sent = await statuses(max + 3, (index) => app.post(question, from(address, `unknown-${index}`)))
    expect(sent).toEqual([...Array.from({ length: max }, () => 401), 429, 429, 429])
    expect(app.identity.timesAsked()).toBe(max)
    expect((await app.post(question, { ...from(address), authorization: 'nonsense' })).status).toBe(429)
  })

  it('do not count for their address when their token is found to be good', async () => {
    const app = await started({ redisUrl })
    const address = newAddress()
    const tokens = Array.from({ length: max + 3 }, () => newId())
    for (const token of tokens) app.identity.admit(token, user(token, 'AGENT'))
    for (const token of tokens) expect((await app.post(question, from(address, token))).status).toBe(200)
    expect((await app.post(question, from(address))).status).toBe(200)
  })

  it('count on a WebSocket, too, one for each operation, and for opening it', async () => {
    const app = await started({ redisUrl })
    const [address, token] = [newAddress(), newId()]
    app.identity.admit(token, user(token, 'AGENT'))
    const socket = await openSocket(app.address, { token, headers: from(address) })
    onTestFinished(() => socket.close())
    expect(await socket.acknowledged()).toBe(true)
    for (let index = 0; index < max; index++) {
      socket.run(String(index), '{ __typename }')
      expect(await socket.next()).toMatchObject({ type: 'next' })
      expect(await socket.next()).toMatchObject({ type: 'complete' })
    }
    socket.run('refused', '{ __typename }')
    expect(await socket.next()).toMatchObject({
      id: 'refused',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', data: { retryAfter: expect.any(Number) } } }],
    })
    expect((await app.post(question, from(newAddress(), token))).status).toBe(429)
    for (let index = 1; index < max; index++) (await openSocket(app.address, { headers: from(address) })).close()
    await expect(openSocket(app.address, { headers: from(address) })).rejects.toThrow('429')
  })
})

describe.runIf(process.env.REDIS_TEST_URL)('two gateways that share a Redis', () => {
  it('share the count of a viewer', async () => {
    const redisUrl = process.env.REDIS_TEST_URL
    const apps = [await started({ redisUrl }), await started({ redisUrl })] as const
    const token = newId()
    for (const app of apps) app.identity.admit(token, user(token, 'AGENT'))
    const send = (index: number) => apps[index % 2 === 0 ? 0 : 1].post(question, from(newAddress(), token))
    expect(await statuses(max + 1, send)).toEqual(allowedOnly)
  })
})

describe('the address of a client', () => {
  it('is not what an untrusted client writes into X-Forwarded-For', async () => {
    const app = await started({ trustedProxies: [] })
    expect(await statuses(max + 1, () => app.post(question, from(newAddress())))).toEqual(allowedOnly)
  })

  it.each([
    ['2001:db8::1', '2001:db8::ffff', true],
    ['2001:db8:0:1::1', '2001:0db8:0000:0001:ffff:ffff:ffff:ffff', true],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['::1', '::2', true],
    ['10.0.0.1', '10.0.0.2', false],
  ])('is its /64 where it is IPv6: %s and %s', (one, other, isSame) => {
    expect(addressKey(one) === addressKey(other)).toBe(isSame)
  })

  it('also decides how many sockets may be open', async () => {
    const app = await started({
      rateLimits: { anonymous: 1000, viewer: 1000 },
      sockets: { perAddress: 1, perViewer: 9 },
    })
    const [near, far] = [newAddress(), newAddress()]
    const first = await openSocket(app.address, { headers: from(near) })
    const second = await openSocket(app.address, { headers: from(far) })
    onTestFinished(() => {
      for (const socket of [first, second]) socket.close()
    })
    await expect(openSocket(app.address, { headers: from(near) })).rejects.toThrow('429')
  })
})

describe('who is not limited', () => {
  it('is the holder of the service key, and whoever probes', async () => {
    const serviceKey = 'k'.repeat(32)
    const app = await started({ serviceKey })
    const sent = await statuses(max + 1, () => app.post(question, { 'x-internal-service-key': serviceKey }))
    expect(sent).not.toContain(429)
    for (const path of ['health', 'ready', 'metrics']) {
      for (let times = 0; times <= max; times++) {
        expect((await fetch(`${app.gateway.url}/${path}`, { headers: from('10.0.0.9') })).status).toBe(200)
      }
    }
  })
})

describe('the page of GraphiQL', () => {
  it('is counted for the address', async () => {
    const app = await started({ graphiql: true })
    const headers = { ...from(newAddress()), accept: 'text/html' }
    const page = async () => (await fetch(app.address, { headers })).status
    const sent: number[] = []
    for (let times = 0; times <= max; times++) sent.push(await page())
    expect(sent).toEqual(allowedOnly)
  })
})
