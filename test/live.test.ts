// Subscribers of processes that end and start again under them: what each has seen, beside what the outbox holds; and
// how soon a connection ends with the right to it.
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { type Shape, spreadOut } from './processes.ts'
import { openSession } from './session.ts'

const query = `subscription ($after: String) {
  dealChanged(after: $after) { cursor deal { id title owner { name } } }
}`
const secret = 'an issuer that only this test knows'

let shape: Shape
let admin: string
beforeAll(async () => {
  shape = await spreadOut({ JWT_SECRET: secret })
  admin = await tokenOf('admin@demo.example', 'switchyard-demo')
}, 120_000)
afterAll(() => shape?.end(), 60_000)

const session = (token?: string) => openSession(shape.url, token, () => undefined)

async function tokenOf(email: string, password: string): Promise<string> {
  const { login } = await session().ok<{ login: { accessToken: string } }>('Login', { input: { email, password } })
  return login.accessToken
}

type Event = { dealChanged: { cursor: string } }

/** Follows deals until it is told to leave; `ended` is the code with which the gateway ended it before. */
function follow(token: string, after: string | undefined, onCursor: (cursor: string) => void = () => {}) {
  const ended = Promise.withResolvers<number | undefined>()
  const ready = Promise.withResolvers<void>()
  const client = createClient({
    url: `${shape.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    on: { connected: () => ready.resolve(), closed: (event) => ended.resolve((event as { code?: number }).code) },
  })
  client.subscribe<Event>(
    { query, variables: { after } },
    {
      next: ({ data, errors }) => {
        if (data && !errors) onCursor(data.dealChanged.cursor)
        else ended.reject(new Error(`The gateway said ${JSON.stringify(errors)}`))
      },
      error: () => ended.resolve(undefined),
      complete: () => {},
    },
  )
  return { ready: ready.promise, ended: ended.promise, leave: () => client.dispose() }
}

const cursorAt = (position: number) => Buffer.from(`crm:${position}`).toString('base64url')
const positionOf = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString().split(':')[1])
const numbersOf = async (statement: string) => (await shape.rows(statement)).map(({ position }) => Number(position))
const head = async () => (await numbersOf('select position from crm.outbox_head'))[0] ?? 0

/** Changes deals, several at a time, for as long as `work` takes; answers the positions of all that was told of it. */
async function whileDealsChange(start: number, work: () => Promise<void>): Promise<number[]> {
  const { ok } = session(admin)
  const some = () => ok<{ deals: { nodes: { id: string }[] } }>('{ deals(first: 8) { nodes { id } } }')
  // a subgraph that has failed for a while is spared for two seconds more
  const { deals } = await vi.waitFor(some, { timeout: 10_000, interval: 100 })
  let isOver = false
  const writers = deals.nodes.map(async ({ id }) => {
    for (let count = 0; !isOver; count++) {
      const input = { id, title: `Changed for the ${count}. time` }
      await ok('mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { id } }', { input }).catch(() => {})
      await sleep(30)
    }
  })
  await work()
  isOver = true
  await Promise.all(writers)
  const unpublished = () => shape.rows('select 1 from crm.outbox where position is null')
  await expect.poll(unpublished, { timeout: 10_000 }).toEqual([])
  const told = `select position from crm.outbox where entity = 'crm.deal' and position > ${start} order by position`
  return numbersOf(told)
}

describe('under load', () => {
  it('a subgraph that is killed, and one that restarts, go unnoticed by subscribers', async () => {
    const start = await head()
    const logins = ['admin', 'manager', 'analyst', 'analyst']
    const tokens = await Promise.all(logins.map((login) => tokenOf(`${login}@demo.example`, 'switchyard-demo')))
    const all = tokens.map((token, index) => {
      const seen: number[] = []
      const after = index % 2 ? cursorAt(start) : undefined
      return { seen, ...follow(token, after, (cursor) => void seen.push(positionOf(cursor))) }
    })
    await Promise.all(all.map(({ ready }) => ready))
    await sleep(300)
    const expected = await whileDealsChange(start, async () => {
      for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
        await sleep(700)
        await shape.processes.crm?.end(signal)
        await shape.processes.crm?.start()
      }
      await sleep(700)
    })
    expect(expected.length).toBeGreaterThan(10)
    const isThere = () => all.every(({ seen }) => seen.at(-1) === expected.at(-1))
    await expect.poll(isThere, { timeout: 10_000 }).toBe(true)
    for (const { seen } of all) expect(seen).toEqual(expected)
    expect(await Promise.race([...all.map(({ ended }) => ended), 'nobody was let go'])).toBe('nobody was let go')
    await Promise.all(all.map(({ leave }) => leave()))
  }, 60_000)

  it('who comes back after its last cursor, also to a gateway that was killed, misses nothing and hears nothing twice', async () => {
    const start = await head()
    const analyst = await tokenOf('analyst@demo.example', 'switchyard-demo')
    let isOver = false
    const all = Array.from({ length: 10 }, () => ({ seen: [] as number[], times: 0 }))
    const end = Promise.withResolvers<number>()
    const arrival = async (seen: readonly number[]) => {
      const last = await end.promise
      await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe(last)
    }
    const restless = all.map(async (one) => {
      for (let isLast = false; !isLast; one.times++) {
        isLast = isOver
        let isMine = true
        const { leave, ended } = follow(analyst, cursorAt(one.seen.at(-1) ?? start), (cursor) => {
          if (isMine) one.seen.push(positionOf(cursor))
        })
        await Promise.race([ended, isLast ? arrival(one.seen) : sleep(100 + Math.random() * 400)])
        isMine = false
        await leave()
      }
    })
    const expected = await whileDealsChange(start, async () => {
      await sleep(1000)
      await shape.processes.gateway?.end('SIGKILL')
      await shape.processes.gateway?.start()
      await sleep(1500)
    })
    end.resolve(expected.at(-1) ?? start)
    isOver = true
    await Promise.all(restless)
    for (const { seen } of all) expect(seen).toEqual(expected)
    expect(all.reduce((sum, { times }) => sum + times, 0)).toBeGreaterThan(20)
  }, 60_000)
})

describe('a connection ends with 4401', () => {
  const codeWithin = (milliseconds: number, ended: Promise<number | undefined>) =>
    Promise.race([ended, sleep(milliseconds).then(() => 'it went on')])

  async function follower(name: string) {
    const email = `${name}-${crypto.randomUUID()}@example.com`
    const { roles } = await session(admin).ok<{ roles: { id: string; name: string }[] }>('{ roles { id name } }')
    const roleIds = roles.filter((role) => role.name === 'ANALYST').map(({ id }) => id)
    const input = { name, email, password: 'long enough', roleIds }
    const { createUser } = await session(admin).ok<{ createUser: { id: string } }>('CreateUser', { input })
    const token = await tokenOf(email, 'long enough')
    const { ready, ended } = follow(token, undefined)
    await ready
    await sleep(200)
    return { id: createUser.id, token, ended }
  }

  it('within a second of signing out', async () => {
    const { token, ended } = await follower('leaver')
    await session(token).ok('Logout')
    expect(await codeWithin(1000, ended)).toBe(4401)
  })

  it('within a second of the user being blocked', async () => {
    const { id, ended } = await follower('blocked')
    await session(admin).ok('BlockUser', { input: { id } })
    expect(await codeWithin(1000, ended)).toBe(4401)
  })

  it('within a second of the end of an external token', async () => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const exp = Math.floor(Date.now() / 1000) + 3
    const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ iss: 'test', sub: 'short', role: 'analyst', exp })}`
    const token = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    const { ready, ended } = follow(token, undefined)
    await ready
    expect(await codeWithin(exp * 1000 + 1000 - Date.now(), ended)).toBe(4401)
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000)
  })
})
