// Random bytes of every shape that a client could send to an HTTP server with WebSockets, the same for the same seed.
import { once } from 'node:events'
import { rawConnection, upgradeOf } from './raw-http.ts'

export type Random = () => number

/** Numbers from 0 to 1, in an order that the seed decides (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)] as Value

const bytes = (random: Random, most: number) =>
  Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)))

const methods = ['GET', 'POST', 'OPTIONS', 'PUT', 'TRACE', 'CONNECT', 'M-SEARCH', 'get', '', 'GE T', '\0']
const targets = [
  ...['/', '//', '/graphql', '/graphql?query={__typename}', '/graphql?%', '/mail', '/graphiql/%zz', '*', 'mail', ''],
  ...[
    'http://[/mail',
    'http://x/graphql',
    'http://%zz@x/',
    'ftp://x',
    '/\\..\\',
    '/health',
    '/ready',
    '///',
    '/#http://[',
  ],
]
const versions = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'http/1.1', '']
const headers = [
  ...[
    'Host: x',
    'Host: [',
    'Connection: close',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
    ': x',
    'X',
  ],
  ...['Content-Length: 5', 'Content-Length: -1', 'Transfer-Encoding: chunked', 'Expect: 100-continue', 'Expect: x'],
  ...['Content-Type: application/json', 'Content-Encoding: gzip', 'Origin: null', 'Origin: http://[', 'X: \0'],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: x', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
  ...['Authorization: Bearer', 'Authorization: \u00ff', 'X-Forwarded-For: ,', `X-Long: ${'x'.repeat(20_000)}`],
]
const bodies = [
  '',
  '{',
  '{"query":"{ __typename }"}',
  '[]',
  'null',
  '5\r\nhello\r\n0\r\n\r\n',
  'zz\r\n',
  '\0',
  '{"query":1}',
]
const messages = [
  ...[
    '',
    '{',
    'null',
    '[]',
    '{"type":"connection_init"}',
    '{"type":"connection_init","payload":5}',
    '{"type":"nonsense"}',
  ],
  ...['{"type":"ping","payload":[]}', '{"type":"subscribe"}', '{"type":"complete","id":5}'],
  ...['{"type":"subscribe","id":"1","payload":{"query":"{"}}', '{"id":"1","type":"subscribe","payload":{"query":5}}'],
]

function request(random: Random): Buffer {
  const lines = Array.from({ length: Math.floor(random() * 6) }, () => pick(random, headers))
  const line = `${pick(random, methods)} ${pick(random, targets)} ${pick(random, versions)}`
  return Buffer.from(`${[line, ...lines].join('\r\n')}\r\n\r\n${pick(random, bodies)}`, 'latin1')
}

/** A masked frame with any of the opcodes, reserved bits and lengths that there are, right and wrong. */
function frame(random: Random): Buffer {
  const payload = random() < 0.7 ? Buffer.from(pick(random, messages)) : bytes(random, 120)
  const first = random() < 0.7 ? 0x81 : Math.floor(random() * 256)
  const length = random() < 0.9 ? payload.length : Math.floor(random() * 128)
  return Buffer.concat([Buffer.from([first, (random() < 0.95 ? 0x80 : 0) | length, 0, 0, 0, 0]), payload])
}

function sent(random: Random): Buffer {
  const kind = random()
  if (kind < 0.15) return bytes(random, 300)
  if (kind < 0.6) return request(random)
  const protocol = pick(random, [
    '',
    'Sec-WebSocket-Protocol: graphql-transport-ws\r\n',
    'Sec-WebSocket-Protocol: ,\r\n',
  ])
  const upgrade = Buffer.from(upgradeOf(random() < 0.7 ? '/graphql' : pick(random, targets), protocol))
  const frames = Array.from({ length: Math.floor(random() * 4) }, () => frame(random))
  return Buffer.concat([upgrade, ...frames])
}

/** Sends something, whole or in part, and leaves: by a reset, by closing, or when the server has closed. */
export async function attack(port: number, random: Random): Promise<void> {
  const content = sent(random)
  const part = random() < 0.8 ? content : content.subarray(0, Math.floor(random() * content.length))
  const farewell = random()
  if (part.length === 0) return
  const socket = await rawConnection(port)
  const closed = once(socket, 'close')
  socket.resume()
  await new Promise<void>((resolve) => socket.write(part, () => resolve()))
  if (farewell < 0.4) socket.resetAndDestroy()
  else if (farewell < 0.6) socket.destroy()
  else {
    // the server may wait for more of what it takes for a request
    socket.setTimeout(1000, () => socket.destroy())
    socket.once('end', () => socket.destroy())
    socket.end()
  }
  await closed
}
