// An analyst with 500 subscriptions, each of which may be opened, and events one after the other: the next as soon as
// all of them have it.
import { setTimeout as sleep } from 'node:timers/promises'
import { openSession } from '../../../test/session.ts'
import { administrator } from '../../session.ts'
import { analystToken, secretOfIssuer } from '../../subscriptions/tokens.ts'
import { scenario } from '../scenario.ts'
import { subscribeOften } from '../subscriptions.ts'

const count = 500

export default scenario<{ url: string; token: string; deals: readonly string[] }>({
  name: `events for ${count} subscriptions of one viewer`,
  environment: { JWT_SECRET: secretOfIssuer },
  async prepare(shape) {
    const session = await administrator(shape)
    const { deals } = await session.ok<{ deals: { nodes: { id: string }[] } }>('{ deals(first: 20) { nodes { id } } }')
    const { login } = await session.ok<{ login: { accessToken: string } }>('Login', {
      input: { email: 'admin@demo.example', password: 'switchyard-demo' },
    })
    return {
      input: { url: shape.url, token: login.accessToken, deals: deals.nodes.map(({ id }) => id) },
      probes: {
        '{ __typename }': () => session.ok('{ __typename }'),
        customers: () => session.ok('{ customers(first: 5) { nodes { name } } }'),
      },
    }
  },
  async load({ url, token, deals }, signal) {
    const { ok } = openSession(url, token, () => undefined)
    let received = 0
    const refusals = new Map<string, number>()
    const close = await subscribeOften({
      port: Number(new URL(url).port),
      token: analystToken(1),
      count,
      onEvent: () => received++,
      onRefusal: (code) => refusals.set(code, (refusals.get(code) ?? 0) + 1),
    })
    await sleep(500)
    let events = 0
    while (!signal.aborted) {
      const input = { id: deals[events % deals.length], title: `Changed at ${Date.now()}` }
      events++
      await ok('mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { id } }', { input })
      while (received < events * count && !signal.aborted) await sleep(20)
    }
    close()
    return `${events} events, received ${received} times, refused ${JSON.stringify([...refusals])}`
  },
})
