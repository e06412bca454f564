// The one socket to a subgraph that all subscriptions share: opened when needed, and given up when it falls silent.
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { service } from '../viewer/viewer.ts'
import type { RemoteOptions } from './remote.ts'

const gateway = service('gateway', [])
const keepAlive = 10_000

export function remoteSocket({ name, url, signer, timeout, log }: RemoteOptions): Client {
  class SubgraphSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { handshakeTimeout: timeout, maxPayload: 16 * 1024 * 1024 })
    }
  }
  let silence: NodeJS.Timeout | undefined
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: SubgraphSocket,
    connectionParams: async () => ({ viewer: await signer(gateway) }),
    connectionAckWaitTimeout: timeout,
    lazyCloseTimeout: 10_000,
    retryAttempts: 0,
    keepAlive,
    on: {
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), keepAlive / 2)
      },
      pong: (received) => {
        if (received) clearTimeout(silence)
      },
      closed: (event) => {
        clearTimeout(silence)
        const { code } = event as { code?: number }
        if (code === 4401 || code === 4403) log.error({ subgraph: name, code }, 'the subgraph refuses our signature')
      },
    },
  })
  return client
}
