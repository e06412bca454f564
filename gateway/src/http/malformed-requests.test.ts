// The gateway, sent what it cannot read.
import { malformedRequestTests, malformedUpgradeTests } from '@switchyard/runtime/testing/malformed-requests'
import { bareUpgradeOf, rawConnection, sendRaw } from '@switchyard/runtime/testing/raw-http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type World, world } from '../testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world()
})
afterAll(() => app.gateway.drain())

malformedRequestTests('the gateway', () => app.gateway.port)
malformedUpgradeTests('the gateway', () => app.gateway.port)

it('reads an absolute address as the path in it, whatever its user and host are', async () => {
  const request = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
  for (const target of ['http://x/health', 'http://%zz@x/health', 'http://user:a@[::1]/health?x']) {
    expect((await sendRaw(app.gateway.port, request(target))).body).toBe('{"status":"ok"}')
  }
})

it('is gone when it is asked to end, though a client keeps a refused upgrade open', async () => {
  const other = await world()
  const socket = await rawConnection(other.gateway.port)
  socket.write(bareUpgradeOf('//'))
  await other.gateway.drain()
  await expect.poll(() => socket.resume().readableEnded).toBe(true)
  socket.destroy()
})
