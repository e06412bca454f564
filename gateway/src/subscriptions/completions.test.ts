// What events cost: how many are executed at once, for whom, and when not at all.
import { usualLimits } from '@switchyard/runtime/limits'
import type { SubgraphRequest } from '@switchyard/runtime/subgraph/executor'
import { afterEach, describe, expect, it } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { user } from '../testing/identity.ts'
import { type Socket, sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

let app: World
const { signedIn, closeAll } = sockets(() => app.address)

afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

const changes =
  'subscription ($pipeline: ID) { dealChanged(pipelineId: $pipeline) { cursor deal { id owner { name } } } }'

const follow = (socket: Socket, id: string, pipeline: string) => socket.run(id, changes, { variables: { pipeline } })

const slowly = { timeout: 20_000 }

/** A socket with subscriptions of which no two are the same. */
async function subscribed(token: string, count: number, prefix = token): Promise<Socket> {
  const socket = await signedIn(token)
  const open = app.crm.subgraph.openSubscriptions()
  for (let number = 0; number < count; number++) follow(socket, String(number), `${prefix}-${number}`)
  await expect.poll(() => app.crm.subgraph.openSubscriptions(), slowly).toBe(open + count)
  return socket
}

/** Holds what identity is asked for events, until it is let through. */
function heldEntities() {
  const { subgraph } = app.identity
  const execute = subgraph.execute
  const held: { readonly request: SubgraphRequest; readonly go: () => void }[] = []
  let started = 0
  let most = 0
  subgraph.execute = async (request) => {
    if (!request.query.includes('_entities')) return execute(request)
    started++
    const { promise, resolve } = Promise.withResolvers<void>()
    const one = { request, go: resolve }
    held.push(one)
    most = Math.max(most, held.length)
    request.signal?.addEventListener('abort', () => resolve())
    await promise
    held.splice(held.indexOf(one), 1)
    return execute(request)
  }
  return {
    held,
    started: () => started,
    most: () => most,
    async letAllThrough(total: number) {
      while (started < total || held.length > 0) {
        held[0]?.go()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

async function received(socket: Socket, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const message = await socket.next()
    if (message?.type !== 'next') throw new Error(`The gateway sent ${JSON.stringify(message)}.`)
    ids.push(message.id ?? '')
  }
  return ids
}

const personal = (id: string) => {
  app.identity.admit(id, { ...user(id, 'AGENT'), permissions: { 'crm.deal.read': 'own' } })
  return id
}

describe('one event for many subscriptions', () => {
  it('is executed for two of one viewer at once, and reaches all of them', async () => {
    app = await world({ config: { subgraphTimeout: 10_000 } })
    const socket = await subscribed('alice', 30)
    const entities = heldEntities()
    app.crm.changes.publish(dealChange('7'))
    await expect.poll(() => entities.held.length, slowly).toBe(2)
    await entities.letAllThrough(30)
    expect(new Set(await received(socket, 30)).size).toBe(30)
    expect(entities.most()).toBe(2)
  })

  it('is executed for eight viewers at once at most, each in its turn', async () => {
    app = await world({ config: { subgraphTimeout: 10_000 } })
    const many = await subscribed('alice', 40)
    const others: Socket[] = []
    for (let number = 0; number < 9; number++) others.push(await subscribed(personal(`agent-${number}`), 1))
    const entities = heldEntities()
    app.crm.changes.publish(dealChange('7'))
    await expect.poll(() => entities.held.length, slowly).toBe(8)
    await entities.letAllThrough(49)
    const order = app.identity.subgraph.received.filter(({ query }) => query.includes('_entities'))
    const last = order.findLastIndex(({ viewer }) => viewer.id !== 'alice')
    expect(last).toBeLessThan(25)
    expect(entities.most()).toBe(8)
    expect(await received(many, 40)).toHaveLength(40)
    for (const socket of others) expect(await received(socket, 1)).toEqual(['0'])
  })

  it('does not keep a query waiting until all have it', async () => {
    app = await world()
    const followers: Socket[] = []
    for (const prefix of ['a', 'b', 'c', 'd']) followers.push(await subscribed('alice', 50, prefix))
    const told = () => followers.reduce((sum, { messages }) => sum + messages.length, 0)
    const other = await signedIn('root')
    app.crm.changes.publish(dealChange('7'))
    other.run('1', '{ __typename }')
    expect(await other.next()).toMatchObject({ payload: { data: { __typename: 'Query' } } })
    expect(told()).toBeLessThan(200)
    await expect.poll(told, slowly).toBe(200)
  })

  it('is executed no further once its subscribers have gone', async () => {
    app = await world({ config: { subgraphTimeout: 10_000 } })
    const socket = await subscribed('alice', 40)
    const staying = await subscribed(personal('ben'), 1)
    const entities = heldEntities()
    app.crm.changes.publish(dealChange('7'))
    await expect.poll(() => entities.held.length, slowly).toBe(3)
    const pending = entities.held.map(({ request }) => request).filter(({ viewer }) => viewer.id !== 'ben')
    socket.socket.terminate()
    await expect.poll(() => pending.every(({ signal }) => signal?.aborted), slowly).toBe(true)
    await entities.letAllThrough(3)
    expect(await received(staying, 1)).toEqual(['0'])
    expect(entities.started()).toBe(3)
    await expect.poll(() => app.crm.subgraph.openSubscriptions(), slowly).toBe(1)
  })
})

describe('the objects that one viewer subscribes to', () => {
  const limits = { ...usualLimits, objects: 10 }
  const refusal = { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED', data: { limit: 20 } } }] }

  it('are bounded over all its sockets; what is open goes on, and what has ended makes room', async () => {
    app = await world({ config: { limits } })
    // each asks for three: the change, the deal and its owner
    const [first, second] = [await subscribed('alice', 4), await subscribed('alice', 2, 'more')]
    follow(second, 'beyond', 'beyond')
    expect(await second.next()).toMatchObject({ id: 'beyond', ...refusal })
    await subscribed('root', 6)
    app.crm.changes.publish(dealChange('7'))
    expect(new Set(await received(first, 4)).size).toBe(4)
    first.complete('0')
    await expect
      .poll(async () => {
        follow(second, 'beyond', 'beyond')
        second.run('after', '{ __typename }')
        for (let message = await second.next(); message; message = await second.next()) {
          if (message.id === 'beyond' && message.type === 'error') return 'refused'
          if (message.id === 'after' && message.type === 'complete') return 'open'
        }
      }, slowly)
      .toBe('open')
  })

  it('are given back by subscriptions that the subgraph refuses, and by sockets that close', async () => {
    app = await world({ config: { limits } })
    app.crm.subgraph.fault = 'down'
    const socket = await signedIn()
    for (let number = 0; number < 20; number++) {
      follow(socket, String(number), 'none')
      expect(await socket.next()).toMatchObject({
        payload: { errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] },
      })
      expect(await socket.next()).toMatchObject({ type: 'complete' })
    }
    app.crm.subgraph.fault = undefined
    for (const prefix of ['a', 'b', 'c']) {
      const full = await subscribed('alice', 6, prefix)
      full.socket.terminate()
      await expect.poll(() => app.crm.subgraph.openSubscriptions(), slowly).toBe(0)
    }
  })
})
