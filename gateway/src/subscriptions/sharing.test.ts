// Who shares an upstream, seen from the public door; the cases one by one stand in hub.test.ts.
import type { PermissionScope } from '@switchyard/runtime/viewer/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { eventually } from '../testing/eventually.ts'
import { user } from '../testing/identity.ts'
import { type Socket, sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

const dealChanged = 'subscription { dealChanged { cursor deal { id owner { name } } } }'

let app: World
const { signedIn, closeAll } = sockets(() => app.address)

async function following(id: string, scope: PermissionScope, concessionId: string | null = null): Promise<Socket> {
  app.identity.admit(id, { ...user(id, 'AGENT'), permissions: { 'crm.deal.read': scope }, concessionId })
  const socket = await signedIn(id)
  socket.run('1', dealChanged)
  // answered after the subscription has been taken
  socket.run('2', '{ __typename }')
  for (const type of ['next', 'complete']) expect(await socket.next()).toMatchObject({ id: '2', type })
  return socket
}

beforeEach(async () => {
  app = await world()
})
afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

const subscribed = () => app.crm.subgraph.received.map(({ viewer }) => viewer.id).sort()
const completions = () => app.identity.subgraph.received.filter(({ query }) => query.includes('_entities'))
const openFeeds = (count: number) => eventually(() => app.crm.subgraph.openSubscriptions() === count)

describe('different people who follow the same', () => {
  it('share one upstream, one plan and one completion of each event where each of them may see every row', async () => {
    const sockets = await Promise.all(['ana', 'ben', 'cem'].map((id) => following(id, 'all')))
    await openFeeds(1)
    app.crm.changes.publish(dealChange('7'))
    for (const socket of sockets) {
      expect(await socket.next()).toMatchObject({
        payload: { data: { dealChanged: { deal: { owner: { name: 'ALICE' } } } } },
      })
    }
    expect(subscribed()).toEqual([null])
    expect(completions()).toHaveLength(1)
    const metrics = await (await fetch(`${app.gateway.url}/metrics`)).text()
    // the subscription's plan, and that of the question
    expect(/cache="plan",outcome="miss"} (\d+)/.exec(metrics)?.[1]).toBe('2')
  })

  it.each(['own', 'team'] as const)('share nothing where they see rows as their %s', async (scope) => {
    await Promise.all(['ana', 'ben'].map((id) => following(id, scope)))
    await openFeeds(2)
    expect(subscribed()).toEqual(['ana', 'ben'])
  })

  it('share nothing where they belong to different concessions', async () => {
    await Promise.all([following('ana', 'all', 'north'), following('ben', 'all', 'south')])
    await openFeeds(2)
    expect(app.crm.subgraph.received.map(({ viewer }) => viewer.concessionId).sort()).toEqual(['north', 'south'])
  })
})

it('one who may see every row no longer goes on alone within a second, after the last event that it was told', async () => {
  const both = await Promise.all(['ana', 'ben'].map((id) => following(id, 'all')))
  const hear = async (cursor: string) => {
    app.crm.changes.publish(dealChange(cursor))
    for (const socket of both) {
      expect(await socket.next()).toMatchObject({ payload: { data: { dealChanged: { cursor } } } })
    }
  }
  await openFeeds(1)
  await hear('7')
  app.identity.admit('ben', { ...user('ben', 'AGENT'), permissions: { 'crm.deal.read': 'own' } })
  app.identity.changes.publish({ userId: 'ben', sessionId: null })
  await openFeeds(2)
  expect(app.crm.subgraph.received.at(-1)).toMatchObject({ viewer: { id: 'ben' }, variables: { resumeAfter: '7' } })
  await hear('8')
  expect(both.map(({ messages }) => messages)).toEqual([[], []])
})
