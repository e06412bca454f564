// What may become of an order, who may say so, and who is told.
import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Changed = { orderChanged: { cursor: string; kind: string; orderId: string; order: object | null } }
type Step = 'confirm' | 'fulfill' | 'cancel' | 'refund'

const steps: Record<Step, string> = {
  confirm: 'mutation ($input: ConfirmOrderInput!) { confirmOrder(input: $input) { status version } }',
  fulfill: 'mutation ($input: FulfillOrderInput!) { fulfillOrder(input: $input) { status version } }',
  cancel: 'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { status version } }',
  refund: 'mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { status version } }',
}
const theOrder =
  'query ($id: ID!) { order(id: $id) { status version confirmedAt fulfilledAt cancelledAt refundedAt lines { product { stockOnHand stockAvailable } } } }'
const following =
  'subscription ($customerId: ID, $after: String) { orderChanged(customerId: $customerId, after: $after) { cursor kind orderId order { id status customer { name } } } }'

async function ordered(taken: readonly Step[] = []) {
  const { app, manager, alice, ...people } = await world()
  const product = await app.aProduct(manager, { stockOnHand: 10 })
  const order = await app.anOrder({ owner: alice, product, quantity: 4 })
  const take = (step: Step, person: Person = manager, expectedVersion?: number) =>
    app.as(person).send(steps[step], { input: { id: order.id, expectedVersion } })
  for (const step of taken) expect((await take(step)).errors).toEqual([])
  return { app, manager, alice, order, take, ...people }
}

const stands = (app: TestApp, person: Person, id: string) =>
  app.as(person).ok<{ order: Record<string, unknown> }>(theOrder, { id })

describe('what becomes of an order', () => {
  const stock = (stockOnHand: number, stockAvailable: number) => ({
    lines: [{ product: { stockOnHand, stockAvailable } }],
  })

  it.each<[Step[], string, string, object]>([
    [['confirm'], 'CONFIRMED', 'confirmed', stock(10, 6)],
    [['confirm', 'fulfill'], 'FULFILLED', 'fulfilled', stock(6, 6)],
    [['confirm', 'fulfill', 'refund'], 'REFUNDED', 'refunded', stock(6, 6)],
    [['cancel'], 'CANCELLED', 'cancelled', stock(10, 10)],
    [['confirm', 'cancel'], 'CANCELLED', 'cancelled', stock(10, 10)],
  ])('after %j is %s, with its time, its stock and its event', async (taken, status, told, itsStock) => {
    const { app, manager, alice, order } = await ordered(taken)
    const { order: found } = await stands(app, alice, order.id)
    expect(found).toMatchObject({ status, version: taken.length + 1, ...itsStock })
    expect(found[`${told}At`]).toBe(app.clock.now().toISOString())
    expect(await app.events(`commerce.order.${told}`, order.id)).toMatchObject([
      { actorId: manager.id, payload: { customerId: order.customerId, amount: '5000', currency: 'EUR' } },
    ])
  })

  it.each<[Step[], Step, object]>([
    [[], 'fulfill', { from: 'PENDING', to: 'FULFILLED', allowed: ['CONFIRMED', 'CANCELLED'] }],
    [[], 'refund', { from: 'PENDING', to: 'REFUNDED', allowed: ['CONFIRMED', 'CANCELLED'] }],
    [['confirm'], 'confirm', { from: 'CONFIRMED', to: 'CONFIRMED', allowed: ['FULFILLED', 'CANCELLED'] }],
    [['confirm', 'fulfill'], 'cancel', { from: 'FULFILLED', to: 'CANCELLED', allowed: ['REFUNDED'] }],
    [['cancel'], 'confirm', { from: 'CANCELLED', to: 'CONFIRMED', allowed: [] }],
    [['confirm', 'fulfill', 'refund'], 'refund', { from: 'REFUNDED', to: 'REFUNDED', allowed: [] }],
  ])('after %j cannot be to %s, and says what can', async (taken, step, data) => {
    const { app, alice, order, take } = await ordered(taken)
    const before = await stands(app, alice, order.id)
    expect((await take(step)).errors.map(({ extensions }) => extensions)).toEqual([
      { code: 'INVALID_TRANSITION', data },
    ])
    expect(await stands(app, alice, order.id)).toEqual(before)
  })
})

describe.each(Object.keys(steps) as Step[])('to %s an order', (step) => {
  const before: Record<Step, Step[]> = { confirm: [], cancel: [], fulfill: ['confirm'], refund: ['confirm', 'fulfill'] }

  it('needs the version that it names', async () => {
    const { app, alice, order, take } = await ordered(before[step])
    const standing = await stands(app, alice, order.id)
    const { errors } = await take(step, undefined, 9)
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', data: { currentVersion: before[step].length + 1 } })
    expect(await stands(app, alice, order.id)).toEqual(standing)
  })

  it('is not for an agent or for those who only read, and changes nothing', async () => {
    const { app, alice, order, take } = await ordered(before[step])
    const standing = await stands(app, alice, order.id)
    for (const person of [alice, await app.aPerson('ANALYST'), await app.aPerson('VIEWER')])
      expect((await take(step, person)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    expect(await stands(app, alice, order.id)).toEqual(standing)
  })

  it('is done once when two do it at once, and the other one is told what it has become', async () => {
    const { app, order, take } = await ordered(before[step])
    const answers = await Promise.all([take(step), take(step)])
    const [refusal, ...more] = answers.flatMap(({ errors }) => errors)
    expect(more).toEqual([])
    expect(refusal?.extensions.code).toBe('INVALID_TRANSITION')
    const told = { confirm: 'confirmed', cancel: 'cancelled', fulfill: 'fulfilled', refund: 'refunded' }[step]
    expect(await app.events(`commerce.order.${told}`, order.id)).toHaveLength(1)
  })

  it('reads one that there is not as missing', async () => {
    const { app, manager } = await world()
    const refusal = await app.as(manager).refused(steps[step], { input: { id: crypto.randomUUID() } })
    expect(refusal.code).toBe('NOT_FOUND')
  })
})

describe('following orders', () => {
  it('tells of a step, with fields of another subgraph, and again of what was missed', async () => {
    const { app, alice, order, take } = await ordered()
    await app.settled()
    const changes = await app.as(alice).subscribe<Changed>(following, { customerId: order.customerId })
    await take('confirm')
    const { orderChanged } = await changes.next()
    expect(orderChanged).toMatchObject({
      kind: 'UPDATED',
      orderId: order.id,
      order: { id: order.id, status: 'CONFIRMED', customer: { name: 'Northwind' } },
    })
    await changes.close()
    await take('cancel')
    const later = await app.as(alice).subscribe<Changed>(following, { after: orderChanged.cursor })
    expect((await later.next()).orderChanged).toMatchObject({ orderId: order.id, order: { status: 'CANCELLED' } })
    await later.close()
  })

  it('is of the customer that is named, however its id is written', async () => {
    const { app, alice, order, take } = await ordered()
    await app.settled()
    const [its, anothers] = [
      await app.as(alice).subscribe<Changed>(following, { customerId: order.customerId.toUpperCase() }),
      await app.as(alice).subscribe<Changed>(following, { customerId: crypto.randomUUID() }),
    ]
    await take('confirm')
    expect((await its.next()).orderChanged.orderId).toBe(order.id)
    await anothers.nothing(300)
    await Promise.all([its.close(), anothers.close()])
  })

  it('says that an order has left when its customer is given to somebody else, and nothing afterwards', async () => {
    const { app, manager, alice, bob, order, take } = await ordered()
    await app.settled()
    await app.as(manager).ok('UpdateCustomer', { input: { id: order.customerId, ownerId: bob.id } })
    await app.settled()
    const changes = await app.as(alice).subscribe<Changed>(following)
    const his = await app.as(bob).subscribe<Changed>(following)
    await take('confirm')
    expect((await his.next()).orderChanged).toMatchObject({ orderId: order.id, order: { status: 'CONFIRMED' } })
    await changes.nothing(300)
    await Promise.all([changes.close(), his.close()])
  })

  it("says nothing of other agents' customers", async () => {
    const { app, bob, take } = await ordered()
    await app.settled()
    const changes = await app.as(bob).subscribe(following)
    await take('confirm')
    await changes.nothing(400)
    await changes.close()
  })
})
