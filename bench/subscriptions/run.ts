// `pnpm bench:subscriptions`: ten thousand idle subscribers of one gateway, an event to all of them, and a hundred
// reconnects under load. The gateway is a process of its own; so are the subgraphs, and the crowd.
import { fork } from 'node:child_process'
import { on } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Shape, spreadOut } from '../../test/processes.ts'
import startServers from '../../test/server.ts'
import { openSession } from '../../test/session.ts'
import type { Order, Report } from './crowd.ts'
import { reconnectUnderLoad } from './reconnects.ts'
import { analystToken, secretOfIssuer } from './tokens.ts'

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '10000' },
    viewers: { type: 'string', default: '500' },
    events: { type: 'string', default: '7' },
  },
})
const subscribers = Number(values.subscribers)
const viewers = Number(values.viewers)
const events = Number(values.events)
const query = `subscription ($after: String) {
  dealChanged(after: $after) { cursor kind deal { id title stage { id name } owner { id name } } }
}`

const say = (line: string) => process.stdout.write(`${line}\n`)
const verdict = (isReached: boolean) => (isReached ? 'reached' : 'MISSED')

const stopServers = await startServers()
const shape = await spreadOut({
  LOG_LEVEL: 'warn',
  JWT_SECRET: secretOfIssuer,
  SOCKETS_PER_ADDRESS: String(subscribers + 1000),
  SOCKETS_PER_VIEWER: String(Math.ceil(subscribers / viewers) + 10),
  ...(process.env.GATEWAY_NODE_OPTIONS && { NODE_OPTIONS: process.env.GATEWAY_NODE_OPTIONS }),
})
try {
  const change = await dealChanger(shape)
  await change()
  if (subscribers > 0) await crowded(shape, change)
  const { reconnects, events: told, lost, doubled, disordered } = await reconnectUnderLoad(shape, change)
  say(`\n${reconnects} reconnects while ${told} events were told, and the gateway killed once`)
  say(`  lost ${lost}, doubled ${doubled}, out of order ${disordered}: ${verdict(lost + doubled + disordered === 0)}`)
} finally {
  await shape.end()
  await stopServers()
}

async function crowded(shape: Shape, change: () => Promise<unknown>): Promise<void> {
  say(`${subscribers} subscribers, ${viewers} analysts, one gateway process`)
  say(`  before                      ${await mebibytes(shape)} MiB`)
  const crowd = fork(fileURLToPath(new URL('crowd.ts', import.meta.url)))
  try {
    const reports = on(crowd, 'message')
    const next = async () => ((await reports.next()).value as [Report])[0]
    crowd.once('exit', (code) => code && reports.throw?.(new Error('The crowd has gone.')))
    const tokens = Array.from({ length: viewers }, (_, index) => analystToken(index))
    const order: Order = {
      port: Number(new URL(shape.url).port),
      query,
      tokens,
      perToken: Math.ceil(subscribers / viewers),
    }
    crowd.send(order)
    const open = await next()
    say(`  opened in                   ${((open.last - open.first) / 1000).toFixed(1)} s`)
    await wait(3000)
    say(`  all open                    ${await mebibytes(shape)} MiB`)
    const durations: number[] = []
    for (let count = 0; count < events; count++) {
      const began = Date.now()
      const event = next()
      await change()
      const committed = Date.now()
      const { first, last } = await event
      durations.push(last - began)
      say(
        `  event ${count + 1}                     committed ${committed - began} ms, first ${first - began} ms, last ${last - began} ms after it was asked for`,
      )
      await wait(1000)
    }
    const median = durations.sort((a, b) => a - b)[Math.floor(events / 2)] ?? Number.NaN
    say(`  one event to all, median    ${median} ms; under 1000 ms: ${verdict(median < 1000)}`)
    const after = await mebibytes(shape)
    await wait(15_000)
    const rest = await mebibytes(shape)
    say(`  after the events            ${after} MiB`)
    say(`  15 s later, at rest         ${rest} MiB; under 600 MiB: ${verdict(Math.max(after, rest) < 600)}`)
  } finally {
    crowd.kill()
  }
}

async function mebibytes({ url }: Shape): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 2 ** 20)
}

async function dealChanger({ url }: Shape): Promise<() => Promise<unknown>> {
  const input = { email: 'admin@demo.example', password: 'switchyard-demo' }
  const nobody = openSession(url, undefined, () => undefined)
  const { login } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
  const { ok } = openSession(url, login.accessToken, () => undefined)
  const { deals } = await ok<{ deals: { nodes: { id: string }[] } }>('{ deals(first: 20) { nodes { id } } }')
  let changes = 0
  return () => {
    const { id } = deals.nodes[changes++ % deals.nodes.length] ?? {}
    const input = { id, title: `Changed for the ${changes}. time` }
    return ok('mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { id } }', { input })
  }
}
