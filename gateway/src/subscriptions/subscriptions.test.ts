import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { eventually } from '../testing/eventually.ts'
import { sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

const dealChanged =
  'subscription Changes($after: String) { dealChanged(after: $after) { cursor deal { id owner { name } } } }'

let app: World
const { signedIn, closeAll } = sockets(() => app.address)

beforeEach(async () => {
  app = await world()
})
afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

const openFeeds = (count: number) => eventually(() => app.crm.subgraph.openSubscriptions() === count)

const gauge = async (name: string) =>
  Number(
    new RegExp(`^${name}(?:{.*})? (\\S+)`, 'm').exec(await (await fetch(`${app.gateway.url}/metrics`)).text())?.[1],
  )

const openFor = (count: number) =>
  vi.waitFor(async () => expect(await gauge('graphql_subscriptions')).toBe(count), 10_000)

describe('following changes', () => {
  it('completes each event with what other subgraphs know', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    app.crm.changes.publish(dealChange('7'))
    expect(await socket.next()).toEqual({
      id: '1',
      type: 'next',
      payload: { data: { dealChanged: { cursor: '7', deal: { id: '7', owner: { name: 'ALICE' } } } } },
    })
  })

  it('keeps the order of events', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    const ids = Array.from({ length: 20 }, (_, index) => String(index))
    for (const id of ids) app.crm.changes.publish(dealChange(id))
    const seen: unknown[] = []
    for (const _ of ids) seen.push((await socket.next())?.payload)
    expect(seen).toMatchObject(ids.map((cursor) => ({ data: { dealChanged: { cursor } } })))
  })

  it('opens one upstream for all identical clients of one viewer, and completes each event once', async () => {
    const sockets = await Promise.all([signedIn(), signedIn(), signedIn()])
    for (const socket of sockets) for (const id of ['a', 'b', 'c', 'd']) socket.run(id, dealChanged)
    await openFeeds(1)
    const completions = () => app.identity.subgraph.received.filter(({ query }) => query.includes('_entities')).length
    await openFor(12)
    app.crm.changes.publish(dealChange('7'))
    for (const socket of sockets) for (const _ of 'abcd') expect((await socket.next())?.type).toBe('next')
    expect(completions()).toBe(1)
    expect(app.crm.subgraph.openSubscriptions()).toBe(1)
  })

  it('gives clients that begin at different cursors an upstream each, and those at the same cursor one', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged, { variables: { after: '3' } })
    socket.run('2', dealChanged, { variables: { after: '3' } })
    socket.run('3', dealChanged, { variables: { after: '4' } })
    await openFeeds(2)
    expect(app.crm.subgraph.received.map(({ variables }) => variables)).toEqual([{ after: '3' }, { after: '4' }])
  })

  it('closes the upstream when the last client leaves', async () => {
    const [one, two] = await Promise.all([signedIn(), signedIn()])
    one.run('1', dealChanged)
    two.run('1', dealChanged)
    await openFeeds(1)
    one.complete('1')
    two.close()
    await openFeeds(0)
  })

  it('tells the client when the subgraph completes', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    app.crm.changes.end()
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
  })

  it('delivers an event without the part of a subgraph that is down', async () => {
    const socket = await signedIn()
    socket.run('1', dealChanged)
    await openFeeds(1)
    app.identity.subgraph.fault = 'refusing'
    app.crm.changes.publish(dealChange('7'))
    expect((await socket.next())?.payload).toMatchObject({
      data: { dealChanged: { cursor: '7', deal: { id: '7', owner: null } } },
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    })
  })

  it('answers SERVICE_UNAVAILABLE when the subgraph cannot be subscribed to', async () => {
    app.crm.subgraph.fault = 'down'
    const socket = await signedIn()
    socket.run('1', dealChanged)
    expect((await socket.next())?.payload).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] })
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
  })

  it('finds its field in fragments', async () => {
    const socket = await signedIn()
    socket.run('1', 'subscription { ...Changes } fragment Changes on Subscription { dealChanged { cursor } }')
    await openFeeds(1)
    app.crm.changes.publish(dealChange('7'))
    expect((await socket.next())?.payload).toEqual({ data: { dealChanged: { cursor: '7' } } })
  })

  it('lets a client go with 4508 that does not read, and slows none of those who share its events', async () => {
    const [slow, quick] = await Promise.all([signedIn(), signedIn()])
    slow.run('1', dealChanged)
    quick.run('1', dealChanged)
    await openFeeds(1)
    await openFor(2)
    slow.socket.pause()
    const large = 'x'.repeat(200_000)
    let longest = 0
    for (let count = 0; count < 100; count++) {
      const since = performance.now()
      app.crm.changes.publish({ ...dealChange(String(count)), cursor: `${count} ${large}` })
      expect((await quick.next())?.payload).toMatchObject({ data: { dealChanged: { deal: { id: String(count) } } } })
      longest = Math.max(longest, performance.now() - since)
    }
    expect(longest).toBeLessThan(1000)
    await openFor(1)
    slow.socket.resume()
    expect(await slow.closed).toBe(4508)
    // what it could read was in the sockets; next to nothing has waited for it here
    expect(slow.messages.length).toBeLessThan(80)
    expect(await Promise.race([quick.closed, 'still here'])).toBe('still here')
  })
})
