import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { usualLimits } from '@switchyard/runtime/limits'
import { createLog } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listen } from '../http/server.ts'
import { openSocket } from '../testing/socket.ts'
import { codesOf, type World, world } from '../testing/world.ts'

async function started(responseBytes: number): Promise<World> {
  const app = await world({ config: { limits: { ...usualLimits, responseBytes } } })
  onTestFinished(() => app.gateway.drain())
  return app
}

const customers = (first: number) => `{ customers(first: ${first}) { nodes { id name } } }`

describe('a response', () => {
  it('is refused while it is built, with the limit, when it becomes too large', async () => {
    const app = await started(1000)
    expect((await app.ask(customers(10))).status).toBe(200)
    const refused = await app.ask(customers(100))
    expect([refused.status, codesOf(refused), refused.body.data]).toEqual([400, ['QUERY_TOO_EXPENSIVE'], undefined])
    expect(refused.body.errors?.[0]?.extensions.data).toEqual({ limit: 1000 })
    const socket = await openSocket(app.address)
    onTestFinished(() => socket.close())
    expect(await socket.acknowledged()).toBe(true)
    socket.run('1', customers(100))
    const extensions = { code: 'QUERY_TOO_EXPENSIVE', data: { limit: 1000 } }
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { errors: [{ extensions }] } })
  })

  it('is counted with the characters that take several bytes, and the JSON inside of it', async () => {
    const app = await started(1000)
    const query = 'query ($json: JSON) { echo(json: $json) }'
    const ask = (json: unknown) => app.ask(query, undefined, { json })
    expect((await ask('e'.repeat(900))).status).toBe(200)
    expect(codesOf(await ask('é'.repeat(900)))).toEqual(['QUERY_TOO_EXPENSIVE'])
    expect(codesOf(await ask({ text: ['e'.repeat(1000)] }))).toEqual(['QUERY_TOO_EXPENSIVE'])
  })
})

/** A client that sends a request and then reads nothing. */
async function silentReader(port: number, body: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  const head = ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json']
  socket.write([...head, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'))
  return socket
}

describe('responses that their client does not read', () => {
  it('are held only up to a bound, beyond which the client is refused, and nobody else', async () => {
    const app = await started(6 * 2 ** 20)
    const aliases = Array.from({ length: 25 }, (_, index) => `a${index}: echo(json: $json)`).join(' ')
    const large = { query: `query ($json: JSON) { ${aliases} }`, variables: { json: 'x'.repeat(240_000) } }
    for (let count = 0; count < 4; count++) {
      const socket = await silentReader(app.gateway.port, JSON.stringify(large))
      // the first few kilobytes of the response have come
      await once(socket, 'readable')
    }
    const refused = await app.post(large)
    expect([refused.status, codesOf(refused)]).toEqual([429, ['RATE_LIMITED']])
    expect((await app.post({ query: '{ __typename }' })).status).toBe(200)
    expect((await app.post(large, { authorization: 'Bearer alice' })).status).toBe(200)
  })

  it.each([
    ['makes no progress', { stalledMs: 200, deadlineMs: 60_000 }, () => {}],
    [
      'makes too little progress',
      { stalledMs: 1000, deadlineMs: 1500 },
      async (socket: Socket) => {
        while (!socket.destroyed) {
          socket.read(1000)
          await wait(50)
        }
      },
    ],
  ])('are let go together with a connection that %s', async (_, reading, read) => {
    const metrics = createMetrics()
    const { port, close } = await listen((__, response) => response.end('x'.repeat(32 * 2 ** 20)), {
      host: '127.0.0.1',
      port: 0,
      log: createLog('silent', 'test'),
      metrics,
      reading,
    })
    onTestFinished(close)
    const socket = await silentReader(port, '')
    void read(socket)
    const cut = async () => (await metrics.clientsCut.get()).values[0]?.value
    await expect.poll(cut, { timeout: 15_000 }).toBe(1)
  })

  it('are not cut off for a client that reads them slowly', async () => {
    const metrics = createMetrics()
    const size = 8 * 2 ** 20
    const { port, close } = await listen((_, response) => response.end('x'.repeat(size)), {
      host: '127.0.0.1',
      port: 0,
      log: createLog('silent', 'test'),
      metrics,
      reading: { stalledMs: 1000, deadlineMs: 60_000 },
    })
    onTestFinished(close)
    const socket = await silentReader(port, '')
    let received = 0
    while (received < size) {
      received += (socket.read() as Buffer | null)?.length ?? 0
      await wait(20)
    }
    expect((await metrics.clientsCut.get()).values[0]?.value).toBe(0)
  })
})
