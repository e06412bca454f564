// A WebSocket with no more to it than a crowd needs, so that ten thousand of them cost the machine little.
import { connect } from 'node:net'

export type BareSocket = { send(message: unknown): void; destroy(): void }

type Hearing = { readonly onMessage: (text: string) => void; readonly onClose: (code: number | undefined) => void }

const opcodes = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

/** Connects to /graphql on this machine; rejects where the upgrade is refused. */
export async function openBareSocket(port: number, { onMessage, onClose }: Hearing): Promise<BareSocket> {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  let code: number | undefined
  let rest: Buffer = Buffer.alloc(0)
  const opened = Promise.withResolvers<void>()
  let isOpen = false

  const write = (opcode: number, payload: Buffer) => socket.write(Buffer.concat([headOf(opcode, payload), payload]))

  function take(opcode: number, payload: Buffer) {
    if (opcode === opcodes.text) onMessage(payload.toString())
    if (opcode === opcodes.ping) write(opcodes.pong, payload)
    if (opcode === opcodes.close) {
      code = payload.length > 1 ? payload.readUInt16BE() : undefined
      socket.end()
    }
  }

  socket.on('data', (chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    if (!isOpen) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      const status = rest.toString('latin1', 9, 12)
      if (status !== '101') return void socket.destroy(new Error(`The upgrade was answered with ${status}.`))
      isOpen = true
      rest = rest.subarray(end + 4)
      opened.resolve()
    }
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      rest = rest.subarray(frame.end)
      take(frame.opcode, frame.payload)
    }
  })
  socket.on('error', opened.reject)
  socket.once('close', () => {
    opened.reject(new Error('The connection has ended.'))
    if (isOpen) onClose(code)
  })
  socket.once('connect', () => socket.write(upgrade))
  await opened.promise
  return {
    send: (message) => void write(opcodes.text, Buffer.from(JSON.stringify(message))),
    destroy: () => void socket.destroy(),
  }
}

const upgrade = [
  'GET /graphql HTTP/1.1',
  'host: 127.0.0.1',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  `sec-websocket-key: ${Buffer.from('a key of 16 byte').toString('base64')}`,
  'sec-websocket-protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n')

/** A client's frame, under a mask of zeros: it is required, and changes nothing. */
function headOf(opcode: number, { length }: Buffer): Buffer {
  const head = Buffer.alloc(length < 126 ? 6 : 8)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (length < 126 ? length : 126)
  if (length >= 126) head.writeUInt16BE(length, 2)
  return head
}

function frameIn(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start) return undefined
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (bytes.length < start + length) return undefined
  return { opcode: first & 0xf, payload: bytes.subarray(start, start + length), end: start + length }
}
