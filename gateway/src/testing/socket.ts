// A bare client of graphql-transport-ws, so that tests see every message and close code as it is.
import { WebSocket } from 'ws'

export type Message = { id?: string; type: string; payload?: unknown }

type Settings = { token?: string; headers?: Record<string, string>; params?: unknown; silent?: boolean }

export type Socket = Awaited<ReturnType<typeof openSocket>>

/** Connects and says hello, unless told to be silent. */
export async function openSocket(address: string, { token, headers = {}, params, silent = false }: Settings = {}) {
  const socket = new WebSocket(address.replace('http', 'ws'), 'graphql-transport-ws', { headers })
  const messages: Message[] = []
  let wake: () => void = () => {}
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => {
      resolve(code)
      wake()
    })
  })
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)))
    wake()
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})

  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message))

  async function next(): Promise<Message | undefined> {
    while (messages.length === 0 && socket.readyState === socket.OPEN) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return messages.shift()
  }

  const payload = params ?? (token && { authorization: `Bearer ${token}` })
  if (!silent) send({ type: 'connection_init', ...(payload && { payload }) })
  return {
    socket,
    closed,
    send,
    next,
    /** What has arrived and was not read. */
    messages,
    acknowledged: async () => (await next())?.type === 'connection_ack',
    run: (id: string, query: string, rest: Record<string, unknown> = {}) =>
      send({ id, type: 'subscribe', payload: { query, ...rest } }),
    complete: (id: string) => send({ id, type: 'complete' }),
    close: () => socket.close(),
  }
}

/** Sockets to a test's gateway, remembered until they are all closed. */
export function sockets(address: () => string) {
  const opened: Socket[] = []
  async function connect(settings: Settings = {}): Promise<Socket> {
    const socket = await openSocket(address(), settings)
    opened.push(socket)
    return socket
  }
  return {
    connect,
    /** One that is known as the token's viewer. */
    async signedIn(token = 'alice'): Promise<Socket> {
      const socket = await connect({ token })
      if (!(await socket.acknowledged())) throw new Error(`The gateway does not acknowledge ${token}.`)
      return socket
    },
    closeAll() {
      for (const socket of opened.splice(0)) socket.close()
    },
  }
}
