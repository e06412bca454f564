// What happens when many order, cancel and ship at once.
import { type Answer, type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Stock = { product: { stockOnHand: number; stockAvailable: number } }

const stockOf = async (app: TestApp, person: Person, id: string) => {
  const query = 'query ($id: ID!) { product(id: $id) { stockOnHand stockAvailable } }'
  const { stockOnHand, stockAvailable } = (await app.as(person).ok<Stock>(query, { id })).product
  return [stockOnHand, stockAvailable]
}
const codes = (answers: readonly Answer<unknown>[]) =>
  answers.map(({ errors }) => errors[0]?.extensions.code ?? 'done').sort()
const repeated = (word: string, times: number) => Array.from({ length: times }, () => word)

describe('orders at once', () => {
  it('sell exactly the five that there are to twenty who want one', async () => {
    const { app, manager, alice } = await world()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, lines: [{ productId, quantity: 1 }] }
    const answers = await Promise.all(repeated('', 20).map(() => app.as(alice).send('PlaceOrder', { input })))
    expect(codes(answers)).toEqual([...repeated('OUT_OF_STOCK', 15), ...repeated('done', 5)])
    expect(await stockOf(app, alice, productId)).toEqual([5, 0])
  })

  it('sell exactly what there is when the product stands on several lines of each', async () => {
    const { app, manager, alice } = await world()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, lines: [1, 1].map((quantity) => ({ productId, quantity })) }
    const answers = await Promise.all(repeated('', 20).map(() => app.as(alice).send('PlaceOrder', { input })))
    expect(codes(answers)).toEqual([...repeated('OUT_OF_STOCK', 18), ...repeated('done', 2)])
    expect(await stockOf(app, alice, productId)).toEqual([5, 1])
  })

  it('never wait for each other in a circle, in whichever order they name their products', async () => {
    const { app, manager, alice } = await world()
    const made = await Promise.all([1, 2, 3].map(() => app.aProduct(manager, { stockOnHand: 100 })))
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const lines = made.map(({ id }) => ({ productId: id, quantity: 1 }))
    const answers = await Promise.all(
      repeated('', 20).map((_, index) => {
        const input = { customerId, lines: index % 2 ? lines : lines.toReversed() }
        return app.as(alice).send('PlaceOrder', { input })
      }),
    )
    expect(codes(answers)).toEqual(repeated('done', 20))
    for (const { id } of made) expect(await stockOf(app, alice, id)).toEqual([100, 80])
  })

  it('give back their stock once, however often they are cancelled', async () => {
    const { app, manager, alice } = await world()
    const product = await app.aProduct(manager, { stockOnHand: 10 })
    await app.anOrder({ owner: alice, product, quantity: 2 })
    const { id } = await app.anOrder({ owner: alice, product, quantity: 4 })
    const cancel = 'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { status } }'
    const answers = await Promise.all(repeated('', 5).map(() => app.as(manager).send(cancel, { input: { id } })))
    expect(codes(answers)).toEqual([...repeated('INVALID_TRANSITION', 4), 'done'])
    expect(await stockOf(app, alice, product.id)).toEqual([10, 8])
    expect(await app.events('commerce.order.cancelled', id)).toHaveLength(1)
  })

  it('leave as much in stock as they took and gave back, while others count goods in and out', async () => {
    const { app, manager, alice } = await world()
    const made = await Promise.all([1, 2, 3].map(() => app.aProduct(manager, { stockOnHand: 40 })))
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const lines = made.map(({ id }) => ({ productId: id, quantity: 1 }))
    const placed = await Promise.all(
      repeated('', 6).map(() =>
        app.as(alice).ok<{ placeOrder: { id: string } }>('PlaceOrder', { input: { customerId, lines } }),
      ),
    )
    const cancel = 'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { id } }'
    const adjust = 'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { id } }'
    const answers = await Promise.all([
      ...placed.map(({ placeOrder: { id } }) => app.as(manager).send(cancel, { input: { id } })),
      ...repeated('', 6).map(() =>
        app.as(alice).send('PlaceOrder', { input: { customerId, lines: lines.toReversed() } }),
      ),
      ...made.flatMap(({ id }) => [1, -3].map((delta) => app.as(manager).send(adjust, { input: { id, delta } }))),
    ])
    expect(codes(answers)).toEqual(repeated('done', 18))
    for (const { id } of made) expect(await stockOf(app, alice, id)).toEqual([38, 32])
  })

  it('are placed once by five who bring the same Idempotency-Key', async () => {
    const { app, manager, alice } = await world()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const input = { customerId, lines: [{ productId, quantity: 2 }] }
    const answers = await Promise.all(
      repeated('', 5).map(() =>
        app
          .as(alice)
          .send<{ placeOrder: { id: string } }>('PlaceOrder', { input }, { 'idempotency-key': `once-${productId}` }),
      ),
    )
    expect(codes(answers)).toEqual(repeated('done', 5))
    expect(new Set(answers.map(({ data }) => data?.placeOrder.id)).size).toBe(1)
    expect(await stockOf(app, alice, productId)).toEqual([5, 3])
  })

  it('never take what is counted out at the same moment', async () => {
    const { app, manager, alice } = await world()
    const { id: productId } = await app.aProduct(manager, { stockOnHand: 5 })
    const { id: customerId } = await app.aCustomer({ owner: alice })
    const adjust = 'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { id } }'
    const answers = await Promise.all([
      ...repeated('', 5).map(() =>
        app.as(alice).send('PlaceOrder', { input: { customerId, lines: [{ productId, quantity: 1 }] } }),
      ),
      ...repeated('', 5).map(() => app.as(manager).send(adjust, { input: { id: productId, delta: -1 } })),
    ])
    expect(codes(answers)).toEqual([...repeated('OUT_OF_STOCK', 5), ...repeated('done', 5)])
    const [, available] = await stockOf(app, alice, productId)
    expect(available).toBe(0)
  })

  it('are either shipped or cancelled, never both', async () => {
    const { app, manager, alice } = await world()
    const product = await app.aProduct(manager, { stockOnHand: 10 })
    const { id } = await app.anOrder({ owner: alice, product, quantity: 4 })
    await app
      .as(manager)
      .ok('mutation ($input: ConfirmOrderInput!) { confirmOrder(input: $input) { id } }', { input: { id } })
    const end = (name: string) =>
      app
        .as(manager)
        .send(`mutation ($input: ${name}OrderInput!) { ${name.toLowerCase()}Order(input: $input) { id } }`, {
          input: { id },
        })
    const answers = await Promise.all([end('Fulfill'), end('Cancel')])
    expect(codes(answers)).toEqual(['INVALID_TRANSITION', 'done'])
    const { order } = await app
      .as(alice)
      .ok<{ order: { status: string } }>('query ($id: ID!) { order(id: $id) { status } }', { id })
    expect(await stockOf(app, alice, product.id)).toEqual(order.status === 'FULFILLED' ? [6, 6] : [10, 10])
  })
})
