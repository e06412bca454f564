// Many different subscriptions of one analyst, on as many sockets as they need: each is a feed of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import { type BareSocket, openBareSocket } from '../subscriptions/bare-socket.ts'

export const perSocket = 50

/** Asks for 35 objects at each event. */
const query = `subscription ($after: String, $since: DateTime) {
  dealChanged(after: $after) {
    cursor
    deal { id title owner { name } customer { id deals(first: 30, filter: { createdAt: { gt: $since } }) { nodes { id title } } } }
  }
}`
export type Subscribing = {
  readonly port: number
  readonly token: string
  readonly count: number
  /** Where all of them begin; from now on without it. */
  readonly after?: string
  /** Hears of every event. */
  readonly onEvent: () => void
  /** Hears the code of every refusal, and of every event that comes with an error. */
  readonly onRefusal: (code: string) => void
}

/** Opens them; answers what closes them all. */
export async function subscribeOften(subscribing: Subscribing): Promise<() => void> {
  const { port, token, count, after, onEvent, onRefusal } = subscribing
  const sockets: BareSocket[] = []
  for (let first = 0; first < count; first += perSocket) {
    const acknowledged = Promise.withResolvers<void>()
    const socket: BareSocket = await openBareSocket(port, {
      onMessage(text) {
        if (text.startsWith('{"type":"connection_ack"')) acknowledged.resolve()
        else if (text.startsWith('{"type":"ping"')) socket.send({ type: 'pong' })
        else if (text.includes('"errors"') || text.includes('"type":"error"'))
          onRefusal(/"code":"(\w+)"/.exec(text)?.[1] ?? text)
        else if (text.includes('"type":"next"')) onEvent()
      },
      onClose: (code) => acknowledged.reject(new Error(`The gateway closed the connection with ${code}.`)),
    })
    sockets.push(socket)
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await acknowledged.promise
    for (let number = first; number < Math.min(first + perSocket, count); number++) {
      const since = new Date(number * 1000).toISOString()
      socket.send({
        id: String(number),
        type: 'subscribe',
        payload: { query, variables: { after: after ?? null, since } },
      })
    }
    await sleep(20)
  }
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}
