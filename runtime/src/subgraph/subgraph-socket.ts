// The one socket to a subgraph that all subscriptions share: opened when needed, and given up when it falls silent.
import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

const keepAlive = 10_000

export type SubgraphSocketOptions = {
  /** The subgraph's GraphQL endpoint, `http://crm:4002/graphql`. */
  readonly url: string
  /** Milliseconds in which it must take the connection, and say so. */
  readonly timeout: number
  readonly connectionParams?: ClientOptions['connectionParams']
  /** Hears with which code the socket was closed, if with any. */
  readonly onClosed?: (code: number | undefined) => void
}

export type SubgraphSocket = Client & {
  /** Sends a `pong` with a payload, if the socket is open. */
  pong(payload: Readonly<Record<string, unknown>>): void
}

export function subgraphSocket({ url, timeout, connectionParams, onClosed }: SubgraphSocketOptions): SubgraphSocket {
  class SocketWithLimits extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { handshakeTimeout: timeout, maxPayload: 16 * 1024 * 1024 })
    }
  }
  let silence: NodeJS.Timeout | undefined
  let socket: WebSocket | undefined
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: SocketWithLimits,
    ...(connectionParams && { connectionParams }),
    connectionAckWaitTimeout: timeout,
    lazyCloseTimeout: 10_000,
    retryAttempts: 0,
    keepAlive,
    on: {
      opened: (opened) => {
        socket = opened as WebSocket
      },
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), keepAlive / 2)
      },
      pong: (received) => {
        if (received) clearTimeout(silence)
      },
      closed: (event) => {
        clearTimeout(silence)
        onClosed?.((event as { code?: number }).code)
      },
    },
  })
  const pong = (payload: Readonly<Record<string, unknown>>) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'pong', payload }))
  }
  return { ...client, pong }
}
