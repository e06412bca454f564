import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dealChange } from '../testing/crm.ts'
import { eventually } from '../testing/eventually.ts'
import { sockets } from '../testing/socket.ts'
import { type World, world } from '../testing/world.ts'

let app: World
const { signedIn, closeAll } = sockets(() => app.address)

beforeEach(async () => {
  app = await world()
})
afterEach(async () => {
  closeAll()
  await app.gateway.drain()
})

describe('a name that a subscription shares with the gateway', () => {
  it.each([
    [
      'an alias under which a cursor is read',
      'subscription { dealChanged { feedCursor: kind resumeCursor: kind resumeCursor_: kind deal { id } } }',
      {},
      { feedCursor: 'UPDATED', resumeCursor: 'UPDATED', resumeCursor_: 'UPDATED', deal: { id: '7' } },
    ],
    [
      'an alias that is a field of the event',
      'subscription { dealChanged { cursor: kind kind: cursor deal { id: title title: id owner { id: name } } } }',
      {},
      { cursor: 'UPDATED', kind: '7', deal: { id: 'Deal 7', title: '7', owner: { id: 'ALICE' } } },
    ],
    [
      'an alias that is the name of a type',
      'subscription { dealChanged { __typename: kind deal { __typename: title owner { __typename: name id } } } }',
      {},
      { __typename: 'UPDATED', deal: { __typename: 'Deal 7', owner: { __typename: 'ALICE', id: 'alice' } } },
    ],
    [
      'the variable by which it begins again',
      `subscription ($resumeAfter: Boolean!, $resumeAfter_: ID) {
        dealChanged(pipelineId: $resumeAfter_) { kind @include(if: $resumeAfter) deal { id } }
      }`,
      { resumeAfter: true, resumeAfter_: '1' },
      { kind: 'UPDATED', deal: { id: '7' } },
    ],
    [
      'the variable with which entities are asked for',
      `subscription ($representations: Boolean!) {
        dealChanged { deal { id owner { name @include(if: $representations) } } }
      }`,
      { representations: true },
      { deal: { id: '7', owner: { name: 'ALICE' } } },
    ],
  ])('may be %s', async (_, query, variables, dealChanged) => {
    const socket = await signedIn()
    socket.run('1', query, { variables })
    await eventually(() => app.crm.subgraph.openSubscriptions() === 1)
    app.crm.changes.publish(dealChange('7'))
    expect((await socket.next())?.payload).toEqual({ data: { dealChanged } })
  })

  it('may be an alias of the subscription itself', async () => {
    const socket = await signedIn()
    socket.run('1', 'subscription { customer: dealChanged { deal { id owner { name } } } }')
    await eventually(() => app.crm.subgraph.openSubscriptions() === 1)
    app.crm.changes.publish(dealChange('7'))
    expect((await socket.next())?.payload).toEqual({
      data: { customer: { deal: { id: '7', owner: { name: 'ALICE' } } } },
    })
  })
})
