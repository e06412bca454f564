import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Placed = { placeOrder: { id: string; number: string } }
type Stock = { product: { stockOnHand: number; stockAvailable: number } }
type Line = { productId: string; quantity: number }

const stockOf = async (app: TestApp, person: Person, id: string) => {
  const query = 'query ($id: ID!) { product(id: $id) { stockOnHand stockAvailable } }'
  const { stockOnHand, stockAvailable } = (await app.as(person).ok<Stock>(query, { id })).product
  return [stockOnHand, stockAvailable]
}

/** A customer of Alice's, and how she orders for them. */
async function shop() {
  const { app, alice, ...people } = await world()
  const { id: customerId } = await app.aCustomer({ owner: alice })
  const order = (...lines: Line[]) => ({ input: { customerId, lines } })
  return { app, alice, customerId, order, ...people }
}

describe('placing an order', () => {
  it('takes the prices of the moment, sums the lines and reserves their stock', async () => {
    const { app, manager, alice, customerId, order } = await shop()
    const chair = await app.aProduct(manager, { stockOnHand: 10 })
    const table = await app.aProduct(manager, { stockOnHand: 4, price: { amount: '9900', currency: 'EUR' } })
    const { placeOrder } = await app
      .as(alice)
      .ok<Placed>('PlaceOrder', order({ productId: chair.id, quantity: 3 }, { productId: table.id, quantity: 1 }))
    expect(placeOrder).toMatchObject({
      status: 'PENDING',
      total: { amount: '13650', currency: 'EUR', formatted: '€136.50' },
      lines: [
        { quantity: 3, unitPrice: { amount: '1250' }, product: { id: chair.id, stockAvailable: 7 } },
        { quantity: 1, unitPrice: { amount: '9900' }, product: { id: table.id, stockAvailable: 3 } },
      ],
      customer: { id: customerId },
    })
    expect(placeOrder.number).toMatch(/^\d{5,}$/)
    expect(await stockOf(app, alice, chair.id)).toEqual([10, 7])
    expect(await app.events('commerce.order.placed', placeOrder.id)).toMatchObject([
      { actorId: alice.id, payload: { customerId, amount: '13650', currency: 'EUR' } },
    ])
  })

  it('is possible for a customer who was made a moment ago', async () => {
    const { app, manager, alice } = await world()
    const { id: productId } = await app.aProduct(manager)
    await app.settled()
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, lines: [{ productId, quantity: 1 }] }
    const { placeOrder } = await app.as(alice).ok<Placed>('PlaceOrder', { input })
    expect(placeOrder).toMatchObject({ customer: { id: customerId } })
  })

  it('keeps its price when the product becomes dearer', async () => {
    const { app, manager, alice } = await shop()
    const product = await app.aProduct(manager)
    const { id } = await app.anOrder({ owner: alice, product, quantity: 2 })
    const raise = 'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { id } }'
    await app.as(manager).ok(raise, { input: { id: product.id, price: { amount: '5000', currency: 'EUR' } } })
    const query =
      'query ($id: ID!) { order(id: $id) { total { amount } lines { unitPrice { amount } total { amount } } } }'
    expect(await app.as(alice).ok(query, { id })).toEqual({
      order: { total: { amount: '2500' }, lines: [{ unitPrice: { amount: '1250' }, total: { amount: '2500' } }] },
    })
  })

  it('names every product that is short, and reserves nothing', async () => {
    const { app, manager, alice, order } = await shop()
    const [scarce, gone, plenty] = [
      await app.aProduct(manager, { stockOnHand: 2 }),
      await app.aProduct(manager, { stockOnHand: 0 }),
      await app.aProduct(manager),
    ]
    const before = await app.events('commerce.order.placed')
    const lines = [
      { productId: plenty.id, quantity: 1 },
      { productId: scarce.id, quantity: 3 },
      { productId: gone.id, quantity: 1 },
    ]
    expect(await app.as(alice).refused('PlaceOrder', order(...lines))).toEqual({
      code: 'OUT_OF_STOCK',
      data: [
        { productId: scarce.id, requested: 3, available: 2 },
        { productId: gone.id, requested: 1, available: 0 },
      ],
    })
    expect(await stockOf(app, alice, plenty.id)).toEqual([1000, 1000])
    expect(await app.events('commerce.order.placed')).toEqual(before)
  })

  it('counts one product together that stands on several lines', async () => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const lines = [3, 3].map((quantity) => ({ productId, quantity }))
    expect(await app.as(alice).refused('PlaceOrder', order(...lines))).toEqual({
      code: 'OUT_OF_STOCK',
      data: [{ productId, requested: 6, available: 5 }],
    })
    await app
      .as(alice)
      .ok('PlaceOrder', order({ productId, quantity: 3 }, { productId: productId.toUpperCase(), quantity: 2 }))
    expect(await stockOf(app, alice, productId)).toEqual([5, 0])
  })

  it('is done once under an Idempotency-Key, and answered alike', async () => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const send = () =>
      app
        .as(alice)
        .send<Placed>('PlaceOrder', order({ productId, quantity: 2 }), { 'idempotency-key': `order-${productId}` })
    const [first, second] = [await send(), await send()]
    expect(second.data?.placeOrder.id).toBe(first.data?.placeOrder.id)
    expect(await stockOf(app, alice, productId)).toEqual([5, 3])
  })

  it.each(['DRAFT', 'ARCHIVED'])('refuses a product that is %s, and names its line', async (status) => {
    const { app, manager, alice, order } = await shop()
    const [sold, unsold] = [await app.aProduct(manager), await app.aProduct(manager, { status })]
    const lines = [sold, unsold].map(({ id }) => ({ productId: id, quantity: 1 }))
    const { code, data } = await app.as(alice).refused('PlaceOrder', order(...lines))
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lines.1.productId' }] } })
    expect(await stockOf(app, alice, sold.id)).toEqual([1000, 1000])
  })

  it('refuses products that are priced in several currencies', async () => {
    const { app, manager, alice, order } = await shop()
    const euros = await app.aProduct(manager)
    const dollars = await app.aProduct(manager, { price: { amount: '100', currency: 'USD' } })
    const lines = [euros, dollars].map(({ id }) => ({ productId: id, quantity: 1 }))
    const { code, data } = await app.as(alice).refused('PlaceOrder', order(...lines))
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lines.1.productId' }] } })
  })

  it.each([0, -1, 1_000_001])('refuses the quantity %d', async (quantity) => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    const { code, data } = await app.as(alice).refused('PlaceOrder', order({ productId, quantity }))
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lines.0.quantity' }] } })
  })

  it.each([0, 201])('refuses %d lines', async (count) => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    const lines = Array.from({ length: count }, () => ({ productId, quantity: 1 }))
    const { code, data } = await app.as(alice).refused('PlaceOrder', order(...lines))
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lines' }] } })
  })

  it('refuses a total that cannot be counted', async () => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager, { price: { amount: '9223372036854775807', currency: 'EUR' } })
    expect((await app.as(alice).ok<Placed>('PlaceOrder', order({ productId, quantity: 1 }))).placeOrder).toBeTruthy()
    const { code, data } = await app.as(alice).refused('PlaceOrder', order({ productId, quantity: 2 }))
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'lines' }] } })
  })

  it.each(['019a0000-0000-7000-8000-00000000dead', 'no id'])('reads the product %j as missing', async (productId) => {
    const { app, alice, order } = await shop()
    expect((await app.as(alice).refused('PlaceOrder', order({ productId, quantity: 1 }))).code).toBe('NOT_FOUND')
  })

  it("reads another agent's customer, and one that there is not, as missing, and reserves nothing", async () => {
    const { app, manager, bob, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    expect((await app.as(bob).refused('PlaceOrder', order({ productId, quantity: 1 }))).code).toBe('NOT_FOUND')
    const input = { customerId: crypto.randomUUID(), lines: [{ productId, quantity: 1 }] }
    expect((await app.as(manager).refused('PlaceOrder', { input })).code).toBe('NOT_FOUND')
    expect(await stockOf(app, manager, productId)).toEqual([1000, 1000])
  })

  it('is answered as before under its Idempotency-Key, also when the customer is gone by then', async () => {
    const { app, admin, manager, alice, customerId, order } = await shop()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const send = () =>
      app
        .as(alice)
        .send<Placed>('PlaceOrder', order({ productId, quantity: 2 }), { 'idempotency-key': `gone-${productId}` })
    const first = await send()
    await app.as(admin).ok('DeleteCustomer', { input: { id: customerId } })
    await app.settled()
    expect((await send()).data?.placeOrder.id).toBe(first.data?.placeOrder.id)
    expect(await stockOf(app, alice, productId)).toEqual([5, 3])
  })

  it.each([2 ** 31, -(2 ** 31) - 1, 1.5, '2'])('refuses the quantity %j, which is no Int', async (quantity) => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    const { code } = await app.as(alice).refused('PlaceOrder', order({ productId, quantity: quantity as number }))
    expect(code).toBe('BAD_USER_INPUT')
    expect(await stockOf(app, alice, productId)).toEqual([1000, 1000])
  })

  it('takes two hundred lines of the most that there can be, all at once', async () => {
    const { app, manager, alice, order } = await shop()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 1_000_000_000 })
    const lines = Array.from({ length: 200 }, () => ({ productId, quantity: 1_000_000 }))
    const { placeOrder } = await app.as(alice).ok<Placed>('PlaceOrder', order(...lines))
    expect(placeOrder).toMatchObject({ total: { amount: '250000000000' } })
    expect(await stockOf(app, alice, productId)).toEqual([1_000_000_000, 800_000_000])
  })

  it('reads a customer that was deleted as missing, until it is restored', async () => {
    const { app, admin, manager, alice, customerId, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    await app.as(alice).ok('PlaceOrder', order({ productId, quantity: 1 }))
    await app.as(admin).ok('DeleteCustomer', { input: { id: customerId } })
    await app.settled()
    expect((await app.as(alice).refused('PlaceOrder', order({ productId, quantity: 1 }))).code).toBe('NOT_FOUND')
    const restore = 'mutation ($input: RestoreCustomerInput!) { restoreCustomer(input: $input) { id } }'
    await app.as(admin).ok(restore, { input: { id: customerId } })
    await app.settled()
    await app.as(alice).ok('PlaceOrder', order({ productId, quantity: 1 }))
  })

  it.each(['ANALYST', 'VIEWER'] as const)('is not for the role %s, and reserves nothing', async (role) => {
    const { app, manager, order } = await shop()
    const { id: productId } = await app.aProduct(manager)
    const other = await app.aPerson(role)
    expect((await app.as(other).refused('PlaceOrder', order({ productId, quantity: 1 }))).code).toBe('FORBIDDEN')
    expect(await stockOf(app, manager, productId)).toEqual([1000, 1000])
  })
})
