import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

const totals = 'query ($id: ID!) { customer(id: $id) { totals { orders spending { amount currency } lastVisitAt } } }'
const step = (verb: string) =>
  `mutation ($input: ${verb}OrderInput!) { ${verb.toLowerCase()}Order(input: $input) { id } }`
const euros = (amount: string) => [{ amount, currency: 'EUR' }]

async function aShop() {
  const { app, manager, ...people } = await world()
  const product = await app.aProduct(manager, { stockOnHand: 100 })
  return { app, manager, product, ...people }
}

/** The totals once every event so far has been heard. */
async function totalsOf(app: TestApp, person: Person, id: string): Promise<object | null> {
  await app.settled()
  return (await app.as(person).ok<{ customer: { totals: object | null } }>(totals, { id })).customer.totals
}

describe("a customer's totals", () => {
  it('count what was ordered and not cancelled, and when the last order came', async () => {
    const { app, alice, manager, product } = await aShop()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const order = () => app.anOrder({ owner: alice, product, quantity: 2, customerId })
    await order()
    app.clock.advance(60_000)
    const cancelled = await order()
    const lastVisitAt = app.clock.now().toISOString()
    await app.as(manager).ok(step('Cancel'), { input: { id: cancelled.id } })
    expect(await totalsOf(app, alice, customerId)).toEqual({ orders: 1, spending: euros('2500'), lastVisitAt })
  })

  it('are nothing for a customer who has ordered nothing', async () => {
    const { app, alice } = await aShop()
    const { id } = await app.aCustomer({ owner: alice })
    expect(await totalsOf(app, alice, id)).toEqual({ orders: 0, spending: [], lastVisitAt: null })
  })

  it('count an order whose money was given back, and not its money', async () => {
    const { app, alice, manager, product } = await aShop()
    const { id, customerId } = await app.anOrder({ owner: alice, product })
    for (const verb of ['Confirm', 'Fulfill', 'Refund']) await app.as(manager).ok(step(verb), { input: { id } })
    expect(await totalsOf(app, alice, customerId)).toMatchObject({ orders: 1, spending: euros('0') })
  })

  it('come one Money a currency, and may be more than one order can be', async () => {
    const { app, alice, manager, product } = await aShop()
    const [dear, dollars] = [
      await app.aProduct(manager, { price: { amount: '9223372036854775807', currency: 'EUR' } }),
      await app.aProduct(manager, { price: { amount: '100', currency: 'USD' } }),
    ]
    const { id: customerId } = await app.aCustomer({ owner: alice })
    for (const one of [dear, dear, dollars, product]) await app.anOrder({ owner: alice, product: one, customerId })
    expect(await totalsOf(app, alice, customerId)).toMatchObject({
      orders: 4,
      spending: [...euros('18446744073709552864'), { amount: '100', currency: 'USD' }],
    })
  })

  it('cost one statement for orders, however many customers there are', async () => {
    const { app, alice, product } = await aShop()
    for (let count = 0; count < 3; count++) await app.anOrder({ owner: alice, product })
    await app.settled()
    const texts = await app.statements('campaigns', () =>
      app.as(alice).ok('{ customers(first: 20) { nodes { id totals { orders spending { amount } } } } }'),
    )
    expect(texts.filter((text) => text.includes('"campaigns"."orders"'))).toHaveLength(1)
  })

  it("are filled from orders that are older than campaigns' knowledge of them, each counted once", async () => {
    const { app, alice, manager, product } = await aShop()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const orders = await Promise.all([1, 2, 3, 4].map(() => app.anOrder({ owner: alice, product, customerId })))
    await app.settled()
    const { database } = app.subgraph('campaigns')
    await database.sql`delete from campaigns.orders`
    await database.sql`delete from campaigns.mirrors where mirror = 'commerce.order'`
    expect(await totalsOf(app, alice, customerId)).toMatchObject({ orders: 0, spending: [] })

    // Twice, while one order is cancelled and another one placed.
    const owed = () => database.sql`
      insert into campaigns.dispatches (id, queue, job, data) values (gen_random_uuid(), 'campaigns', 'fill commerce.order', '{}')`
    await Promise.all([
      owed(),
      app.as(manager).ok(step('Cancel'), { input: { id: orders[0]?.id } }),
      app.anOrder({ owner: alice, product, customerId }),
      owed(),
    ])
    await database.sql`select pg_notify('switchyard_campaigns_outbox', '')`
    expect(await totalsOf(app, alice, customerId)).toMatchObject({ orders: 4, spending: euros('5000') })
  })

  it('are not shown to those who may not see the customer, or may read no orders', async () => {
    const { app, alice, bob, product } = await aShop()
    const { customerId } = await app.anOrder({ owner: alice, product })
    await app.settled()
    const query = `query ($id: ID!) { _entities(representations: [{ __typename: "Customer", id: $id }]) {
      ... on Customer { totals { orders } } } }`
    const seenBy = async (person: Person) => {
      const viewer = await app.viewerOf(person)
      const { data } = await app
        .subgraph('campaigns')
        .execute({ query, variables: { id: customerId }, viewer, requestId: 'test' })
      const [entity] = (data?._entities ?? []) as { totals: object | null }[]
      return entity?.totals
    }
    expect([await seenBy(alice), await seenBy(bob)]).toEqual([{ orders: 1 }, null])
  })
})
