// Many subscriptions of one viewer while deals change: those that replay the past, and one event for all of them.
import { createHmac } from 'node:crypto'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { allInOne, type Shape, spreadOut } from './processes.ts'
import { openSession, type Session } from './session.ts'

const query = `subscription ($after: String, $since: DateTime) {
  dealChanged(after: $after) {
    cursor
    deal { id owner { name } customer { id deals(first: 5, filter: { createdAt: { gt: $since } }) { nodes { id } } } }
  }
}`
const secret = 'an issuer that only this test knows'
const timeout = 90_000

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function analystToken(): string {
  const claims = { sub: 'an analyst', role: 'analyst', exp: Math.floor(Date.now() / 1000) + 3600 }
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

type Event = { dealChanged: { cursor: string } }

const cursorAt = (position: number) => Buffer.from(`crm:${position}`).toString('base64url')
const positionOf = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString().split(':')[1])

describe.each([
  { shape: 'in one process', start: allInOne },
  { shape: 'spread out', start: spreadOut },
])('many subscriptions of one viewer, $shape', ({ start }) => {
  let shape: Shape
  let admin: Session
  let clients: Client[] = []

  beforeAll(async () => {
    shape = await start({ JWT_SECRET: secret })
    const nobody = openSession(shape.url, undefined, () => undefined)
    const input = { email: 'admin@demo.example', password: 'switchyard-demo' }
    const { login } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
    admin = openSession(shape.url, login.accessToken, () => undefined)
  }, 300_000)
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.dispose()))
    clients = []
  })
  afterAll(() => shape?.end(), 60_000)

  /** Opens subscriptions of which no two are the same; answers the positions that each has been told. */
  function follow(count: number, after?: string): number[][] {
    const token = analystToken()
    const opened = Array.from({ length: Math.ceil(count / 40) }, () =>
      createClient({
        url: `${shape.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      }),
    )
    clients.push(...opened)
    return Array.from({ length: count }, (_, number) => {
      const seen: number[] = []
      opened[Math.floor(number / 40)]?.subscribe<Event>(
        { query, variables: { after, since: new Date(number * 1000).toISOString() } },
        {
          next: ({ data, errors }) =>
            void seen.push(data && !errors ? positionOf(data.dealChanged.cursor) : Number.NaN),
          error: () => void seen.push(Number.NaN),
          complete: () => {},
        },
      )
      return seen
    })
  }

  async function changeDeals(count: number): Promise<void> {
    const { deals } = await admin.ok<{ deals: { nodes: { id: string }[] } }>('{ deals(first: 8) { nodes { id } } }')
    for (let number = 0; number < count; number++) {
      const input = { id: deals.nodes[number % 8]?.id, title: `Changed at ${performance.now()}` }
      await admin.ok('mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { id } }', { input })
    }
    const unpublished = () => shape.rows('select 1 from crm.outbox where position is null')
    await expect.poll(unpublished, { timeout }).toEqual([])
  }

  const head = async () => Number((await shape.rows('select position from crm.outbox_head'))[0]?.position)

  const toldAfter = async (position: number) =>
    (
      await shape.rows(
        `select position from crm.outbox where entity = 'crm.deal' and position > ${position} order by position`,
      )
    ).map((row) => Number(row.position))

  async function gauges(): Promise<Record<string, number>> {
    const text = await (await fetch(`${shape.url}/metrics`)).text()
    const found = text.matchAll(/^(graphql_subscriptions|subscription_(?:completions|replays)\{state="\w+"\}) (\d+)$/gm)
    return Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]))
  }

  const atRest = {
    graphql_subscriptions: 0,
    'subscription_completions{state="running"}': 0,
    'subscription_completions{state="waiting"}': 0,
    'subscription_replays{state="running"}': 0,
    'subscription_replays{state="waiting"}': 0,
  }

  it('read the past and what happens meanwhile in order, without loss or repetition', async () => {
    const start = await head()
    await changeDeals(15)
    const all = follow(24, cursorAt(start))
    await changeDeals(10)
    const expected = await toldAfter(start)
    expect(expected).toHaveLength(25)
    const everything = all.map(() => expected)
    await expect.poll(() => all, { timeout, interval: 100 }).toEqual(everything)
  })

  it('leave nothing behind when their sockets close while an event is executed for them', async () => {
    const open = 200
    const all = follow(open)
    await expect.poll(async () => (await gauges()).graphql_subscriptions, { timeout, interval: 100 }).toBe(open)
    await changeDeals(1)
    await expect.poll(() => all.some((seen) => seen.length > 0), { timeout }).toBe(true)
    for (const client of clients) client.terminate()
    await expect.poll(gauges, { timeout, interval: 50 }).toEqual(atRest)
  })
})
