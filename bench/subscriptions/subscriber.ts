// One subscriber of the bench: says who it is, subscribes, and hands on what it is told.
import { type BareSocket, openBareSocket } from './bare-socket.ts'

export type Subscribing = {
  readonly port: number
  readonly token: string
  readonly query: string
  readonly after?: string | undefined
  readonly onEvent: (text: string) => void
  readonly onClose?: (code: number | undefined) => void
}

/** Resolves once the subscription has been sent; the gateway answers nothing to that. */
export async function subscribe(subscribing: Subscribing): Promise<BareSocket> {
  const { port, token, query, after, onEvent, onClose = () => {} } = subscribing
  const welcome = Promise.withResolvers<void>()
  const socket = await openBareSocket(port, {
    onMessage(text) {
      if (text.startsWith('{"type":"connection_ack"')) welcome.resolve()
      else if (text.includes('"type":"next"')) onEvent(text)
      else if (text.startsWith('{"type":"ping"')) socket.send({ type: 'pong' })
      else if (!text.includes('"type":"complete"')) throw new Error(`The gateway said ${text}`)
    },
    onClose(code) {
      welcome.reject(new Error(`The gateway closed the connection with ${code}.`))
      onClose(code)
    },
  })
  socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
  await welcome.promise
  socket.send({ id: '1', type: 'subscribe', payload: { query, variables: { after: after ?? null } } })
  return socket
}
