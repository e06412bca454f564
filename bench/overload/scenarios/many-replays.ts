// An analyst who opens 1000 subscriptions that begin before the first event of the demo world, and again when they are
// through.
import { setTimeout as sleep } from 'node:timers/promises'
import { administrator } from '../../session.ts'
import { analystToken, secretOfIssuer } from '../../subscriptions/tokens.ts'
import { scenario } from '../scenario.ts'
import { subscribeOften } from '../subscriptions.ts'

const count = 1000

export default scenario<{ port: number }>({
  name: `${count} replays of one viewer`,
  environment: { JWT_SECRET: secretOfIssuer },
  async prepare(shape) {
    const session = await administrator(shape)
    return {
      input: { port: Number(new URL(shape.url).port) },
      probes: {
        '{ __typename }': () => session.ok('{ __typename }'),
        customers: () => session.ok('{ customers(first: 5) { nodes { name } } }'),
      },
    }
  },
  async load({ port }, signal) {
    let received = 0
    const refusals = new Map<string, number>()
    const close = await subscribeOften({
      port,
      token: analystToken(1),
      count,
      after: Buffer.from('crm:0').toString('base64url'),
      onEvent: () => received++,
      onRefusal: (code) => refusals.set(code, (refusals.get(code) ?? 0) + 1),
    })
    while (!signal.aborted) await sleep(50)
    close()
    return `received ${received} events, refused ${JSON.stringify([...refusals])}`
  },
})
