// A TCP proxy for tests of networks that fail without closing a connection.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type TestProxy = {
  /** The address of the target, with the proxy in its place. */
  readonly url: string
  /** How many connections their clients have closed. */
  closedByClients(): number
  /** From now on, bytes are lost in both directions; connections stay open, and new ones are accepted. */
  silence(): void
  /** The connections there are stay open and lead nowhere; new ones work. */
  strand(): void
  /** How many of those their clients still keep. */
  stranded(): number
  /** Bytes are passed on again. */
  restore(): void
  close(): Promise<void>
}

export async function startProxy(target: string): Promise<TestProxy> {
  const { hostname, port } = new URL(target)
  const nears = new Set<Socket>()
  const fars = new Map<Socket, Socket>()
  let closedByClients = 0
  let isSilent = false

  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    nears.add(near)
    fars.set(near, far)
    const passes = () => fars.has(near) && !isSilent
    near.on('data', (bytes) => passes() && far.write(bytes))
    far.on('data', (bytes) => passes() && near.write(bytes))
    for (const socket of [near, far]) socket.on('error', () => undefined)
    far.on('close', () => passes() && near.destroy())
    near.on('close', () => {
      closedByClients++
      nears.delete(near)
      fars.delete(near)
      far.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    closedByClients: () => closedByClients,
    silence() {
      isSilent = true
    },
    strand() {
      const leading = [...fars.values()]
      fars.clear()
      for (const far of leading) far.destroy()
    },
    stranded: () => nears.size - fars.size,
    restore() {
      isSilent = false
    },
    async close() {
      server.close()
      for (const near of nears) near.destroy()
      await once(server, 'close')
    },
  }
}
