// Orders as lists: of a customer, filtered, found, and for whose eyes.
import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

describe('the orders of a customer', () => {
  const ofCustomers =
    'query ($search: String) { customers(search: $search) { nodes { id orders(first: 5) { totalCount totalAmounts { amount currency } nodes { id number status placedAt total { amount } lines { quantity product { id name } } } } } } }'

  it('ask the database once a level, however many customers, orders and lines there are', async () => {
    const { app, manager, alice } = await world()
    const [chair, table] = [await app.aProduct(manager), await app.aProduct(manager, { name: 'Table' })]
    const name = crypto.randomUUID()
    for (let count = 0; count < 3; count++) {
      const { id: customerId } = await app.aCustomer({ owner: alice, name })
      await app.anOrder({ owner: alice, product: chair, customerId })
      await app.anOrder({ owner: alice, product: table, customerId, quantity: 2 })
    }
    const statements = await app.statements('commerce', async () => {
      const { customers } = await app.as(alice).ok<{ customers: { nodes: object[] } }>(ofCustomers, { search: name })
      expect(customers.nodes).toHaveLength(3)
      expect(customers.nodes[0]).toMatchObject({
        orders: {
          totalCount: 2,
          totalAmounts: [{ amount: '3750', currency: 'EUR' }],
          nodes: [
            { status: 'PENDING', total: { amount: '2500' }, lines: [{ quantity: 2, product: { name: 'Table' } }] },
            { total: { amount: '1250' }, lines: [{ quantity: 1, product: { id: chair.id } }] },
          ],
        },
      })
    })
    expect(statements).toHaveLength(3) // the orders with their counts and sums, their lines, the lines' products
  })

  it('are seen by whoever may see the customer, and by nobody else', async () => {
    const { app, manager, alice, bob } = await world()
    const product = await app.aProduct(manager)
    const { id, customerId } = await app.anOrder({ owner: alice, product })
    const query =
      'query ($id: ID!, $customerId: ID!) { order(id: $id) { id customer { id } } orders(filter: { customerId: { eq: $customerId } }) { totalCount } }'
    const seen = { order: { id, customer: { id: customerId } }, orders: { totalCount: 1 } }
    for (const person of [alice, manager, await app.aPerson('ANALYST'), await app.aPerson('VIEWER')])
      expect(await app.as(person).ok(query, { id, customerId })).toEqual(seen)
    expect(await app.as(bob).ok(query, { id, customerId })).toEqual({ order: null, orders: { totalCount: 0 } })
  })

  it('are not found by another agent along any way: by number, by sum, by the customer or by a ticket of theirs', async () => {
    const { app, manager, alice, bob } = await world()
    const { id, customerId } = await app.anOrder({ owner: alice, product: await app.aProduct(manager) })
    const { id: ticketId } = await app.aTicket({ owner: alice, customerId })
    const { order } = await app
      .as(alice)
      .ok<{ order: { number: string } }>('query ($id: ID!) { order(id: $id) { number } }', { id })
    const query = `query ($number: String, $customerId: ID!, $ticketId: ID!, $filter: OrderFilter) {
      byNumber: orders(search: $number) { totalCount totalAmounts { amount } nodes { id } }
      byFilter: orders(filter: $filter) { totalCount totalAmounts { amount } }
      customer(id: $customerId) { orders { totalCount } }
      ticket(id: $ticketId) { customer { id orders { totalCount } } }
    }`
    const filter = { number: { eq: order.number } }
    const variables = { number: order.number, customerId, ticketId, filter }
    const nothing = { totalCount: 0, totalAmounts: [] }
    expect(await app.as(bob).ok(query, variables)).toEqual({
      byNumber: { ...nothing, nodes: [] },
      byFilter: nothing,
      customer: null,
      ticket: { customer: null },
    })
  })

  it('go with the customer when it is given to somebody else', async () => {
    const { app, manager, alice, bob } = await world()
    const { id, customerId } = await app.anOrder({ owner: alice, product: await app.aProduct(manager) })
    await app.as(manager).ok('UpdateCustomer', { input: { id: customerId, ownerId: bob.id } })
    await app.settled()
    const query = 'query ($id: ID!) { order(id: $id) { id } }'
    expect(await app.as(alice).ok(query, { id })).toEqual({ order: null })
    expect(await app.as(bob).ok(query, { id })).toEqual({ order: { id } })
  })

  it('are filtered by status and amount, and found by their number', async () => {
    const { app, manager, alice } = await world()
    const product = await app.aProduct(manager)
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const small = await app.anOrder({ owner: alice, product, customerId })
    const large = await app.anOrder({ owner: alice, product, customerId, quantity: 9 })
    const find = async (more: Record<string, unknown>, search?: string) => {
      const query =
        'query ($filter: OrderFilter, $search: String) { orders(filter: $filter, search: $search, orderBy: { field: TOTAL, direction: ASC }) { nodes { id number } } }'
      const filter = { customerId: { eq: customerId }, ...more }
      return (
        await app.as(alice).ok<{ orders: { nodes: { id: string; number: string }[] } }>(query, { filter, search })
      ).orders.nodes
    }
    expect((await find({ status: ['PENDING'] })).map(({ id }) => id)).toEqual([small.id, large.id])
    expect((await find({ total: { currency: 'EUR', gt: '2000' } })).map(({ id }) => id)).toEqual([large.id])
    const [first] = await find({})
    expect(await find({}, first?.number)).toEqual([first])
  })
})
