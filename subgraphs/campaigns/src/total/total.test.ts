import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

const totals = 'query ($id: ID!) { customer(id: $id) { totals { orders spending { amount currency } lastVisitAt } } }'
const cancel = 'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { id } }'

async function aShop() {
  const { app, manager, ...people } = await world()
  const product = await app.aProduct(manager, { stockOnHand: 100 })
  return { app, manager, product, ...people }
}

describe("a customer's totals", () => {
  it('count what was ordered and not cancelled, and when the last order came', async () => {
    const { app, alice, manager, product } = await aShop()
    const customer = await app.aCustomer({ owner: alice })
    const order = () => app.anOrder({ owner: alice, product, quantity: 2, customerId: customer.id })
    await order()
    app.clock.advance(60_000)
    const cancelled = await order()
    const lastVisitAt = app.clock.now().toISOString()
    await app.as(manager).ok(cancel, { input: { id: cancelled.id } })
    await app.settled()
    expect(await app.as(alice).ok(totals, { id: customer.id })).toEqual({
      customer: { totals: { orders: 1, spending: [{ amount: '2500', currency: 'EUR' }], lastVisitAt } },
    })
  })

  it('are nothing for a customer who has ordered nothing', async () => {
    const { app, alice } = await aShop()
    const { id } = await app.aCustomer({ owner: alice })
    expect(await app.as(alice).ok(totals, { id })).toEqual({
      customer: { totals: { orders: 0, spending: [], lastVisitAt: null } },
    })
  })
})
