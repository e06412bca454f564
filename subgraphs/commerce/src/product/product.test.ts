import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Page = { products: { totalCount: number; nodes: { id: string; sku: string; status: string }[] } }

const create =
  'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id sku name description status price { amount currency formatted } stockOnHand stockAvailable version } }'
const update =
  'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { name description status price { amount currency } stockOnHand version } }'
const adjust =
  'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { stockOnHand stockAvailable version } }'
const theProduct = 'query ($id: ID!) { product(id: $id) { name status stockOnHand stockAvailable version } }'

const chair = () => ({ sku: crypto.randomUUID(), name: 'Chair', price: { amount: '1250', currency: 'EUR' } })
const standing = (app: TestApp, person: Person, id: string) => app.as(person).ok(theProduct, { id })

describe('creating a product', () => {
  it('makes a draft without stock unless told otherwise', async () => {
    const { app, manager } = await world()
    const input = chair()
    const { createProduct } = await app.as(manager).ok<{ createProduct: { id: string } }>(create, { input })
    expect(createProduct).toMatchObject({
      sku: input.sku,
      status: 'DRAFT',
      description: null,
      price: { amount: '1250', currency: 'EUR', formatted: '€12.50' },
      stockOnHand: 0,
      stockAvailable: 0,
      version: 1,
    })
    expect(await app.events('commerce.product.created', createProduct.id)).toHaveLength(1)
  })

  it('refuses a sku that another product has, whatever its case', async () => {
    const { app, manager } = await world()
    const sku = `sku-${crypto.randomUUID()}`
    await app.aProduct(manager, { sku })
    const refusal = await app.as(manager).refused(create, { input: { ...chair(), sku: sku.toUpperCase() } })
    expect(refusal).toMatchObject({ code: 'CONFLICT', data: { fields: ['sku'] } })
  })

  it.each([
    ['an empty sku', { sku: ' ' }, 'sku'],
    ['a sku that is too long', { sku: 'x'.repeat(65) }, 'sku'],
    ['an empty name', { name: '' }, 'name'],
    ['a negative price', { price: { amount: '-1', currency: 'EUR' } }, 'price'],
    ['a negative stock', { stockOnHand: -1 }, 'stockOnHand'],
    ['more stock than can be counted', { stockOnHand: 1_000_000_001 }, 'stockOnHand'],
  ])('refuses %s', async (_, wrong, path) => {
    const { app, manager } = await world()
    const { code, data } = await app.as(manager).refused(create, { input: { ...chair(), ...wrong } })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it.each(['AGENT', 'ANALYST', 'VIEWER'] as const)('is not for the role %s, and creates nothing', async (role) => {
    const { app } = await world()
    const before = await app.events('commerce.product.created')
    expect((await app.as(await app.aPerson(role)).refused(create, { input: chair() })).code).toBe('FORBIDDEN')
    expect(await app.events('commerce.product.created')).toEqual(before)
  })
})

describe('changing a product', () => {
  it('changes what is given, clears what is null, and leaves the rest', async () => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager, { description: 'Oak', stockOnHand: 3 })
    const input = { id, description: null, status: 'ARCHIVED', price: { amount: '900', currency: 'USD' } }
    expect(await app.as(manager).ok(update, { input })).toEqual({
      updateProduct: {
        name: 'Chair',
        description: null,
        status: 'ARCHIVED',
        price: { amount: '900', currency: 'USD' },
        stockOnHand: 3,
        version: 2,
      },
    })
    const [event] = await app.events('commerce.product.updated', id)
    expect(event?.changes.map(({ field }) => field).sort()).toEqual(['currency', 'description', 'price', 'status'])
  })

  it('refuses a version that is no longer the present one, and says what differs', async () => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager)
    await app.as(manager).ok(update, { input: { id, name: 'Table' } })
    const refusal = await app.as(manager).refused(update, { input: { id, name: 'Stool', expectedVersion: 1 } })
    expect(refusal).toMatchObject({ code: 'CONFLICT', data: { currentVersion: 2, current: { name: 'Table' } } })
    expect(await standing(app, manager, id)).toMatchObject({ product: { name: 'Table', version: 2 } })
  })

  it('refuses to clear what every product has, and a product that there is not', async () => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager)
    expect((await app.as(manager).refused(update, { input: { id, price: null } })).code).toBe('BAD_USER_INPUT')
    expect((await app.as(manager).refused(update, { input: { id: crypto.randomUUID() } })).code).toBe('NOT_FOUND')
  })

  it('is not for an agent, and changes nothing', async () => {
    const { app, manager, alice } = await world()
    const { id } = await app.aProduct(manager)
    expect((await app.as(alice).refused(update, { input: { id, name: 'Mine' } })).code).toBe('FORBIDDEN')
    expect((await app.as(alice).refused(adjust, { input: { id, delta: 1 } })).code).toBe('FORBIDDEN')
    expect(await standing(app, alice, id)).toMatchObject({ product: { name: 'Chair', version: 1 } })
  })
})

describe('adjusting stock', () => {
  it('adds up, however many do it at once', async () => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager, { stockOnHand: 10 })
    const deltas = [5, -3, 7, -2, 1]
    await Promise.all(deltas.map((delta) => app.as(manager).ok(adjust, { input: { id, delta } })))
    expect(await standing(app, manager, id)).toMatchObject({ product: { stockOnHand: 18, stockAvailable: 18 } })
    const events = await app.events('commerce.product.stock_adjusted', id)
    expect(events.map(({ payload }) => payload.delta).sort()).toEqual([...deltas].sort())
  })

  it('never takes what orders have reserved', async () => {
    const { app, manager } = await world()
    const product = await app.aProduct(manager, { stockOnHand: 10 })
    await app.anOrder({ owner: manager, product, quantity: 7 })
    expect(await app.as(manager).refused(adjust, { input: { id: product.id, delta: -4 } })).toEqual({
      code: 'OUT_OF_STOCK',
      data: [{ productId: product.id, requested: 4, available: 3 }],
    })
    expect(await app.as(manager).ok(adjust, { input: { id: product.id, delta: -3 } })).toEqual({
      adjustStock: { stockOnHand: 7, stockAvailable: 0, version: 2 },
    })
  })

  it.each([1_000_000_000, 2 ** 31 - 1])('refuses %d more, which cannot be counted', async (delta) => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager)
    const refusal = await app.as(manager).refused(adjust, { input: { id, delta } })
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'delta' }] } })
  })

  it.each([-1001, -(2 ** 31)])('refuses %d, for there are fewer', async (delta) => {
    const { app, manager } = await world()
    const { id } = await app.aProduct(manager)
    expect(await app.as(manager).refused(adjust, { input: { id, delta } })).toEqual({
      code: 'OUT_OF_STOCK',
      data: [{ productId: id, requested: -delta, available: 1000 }],
    })
    expect(await standing(app, manager, id)).toMatchObject({ product: { stockOnHand: 1000, version: 1 } })
  })

  it('leaves the version to those who edit: orders move stock beside it', async () => {
    const { app, manager } = await world()
    const product = await app.aProduct(manager, { stockOnHand: 10 })
    await app.anOrder({ owner: manager, product, quantity: 7 })
    expect(
      await app.as(manager).ok(update, { input: { id: product.id, name: 'Stool', expectedVersion: 1 } }),
    ).toMatchObject({
      updateProduct: { name: 'Stool', stockOnHand: 10, version: 2 },
    })
    expect(await standing(app, manager, product.id)).toMatchObject({ product: { stockAvailable: 3 } })
    const { code } = await app.as(manager).refused(adjust, { input: { id: product.id, delta: 1, expectedVersion: 1 } })
    expect(code).toBe('CONFLICT')
  })
})

describe('the list of products', () => {
  it('is searched by sku, name and description, whatever their case and accents', async () => {
    const { app, manager, alice } = await world()
    const word = crypto.randomUUID()
    const made = [
      await app.aProduct(manager, { sku: `${word}-1` }),
      await app.aProduct(manager, { name: `Café ${word}` }),
      await app.aProduct(manager, { description: `for the ${word} cafe` }),
    ]
    const ids = async (search: string) =>
      (await app.as(alice).ok<Page>('ProductList', { search })).products.nodes.map(({ id }) => id).sort()
    expect(await ids(word.toUpperCase())).toEqual(made.map(({ id }) => id).sort())
    expect(await ids(`${word} CAFE`)).toEqual([made[1]?.id, made[2]?.id].sort())
  })

  it('is filtered by status and by what is left, and ordered by price', async () => {
    const { app, manager } = await world()
    const name = crypto.randomUUID()
    const of = (amount: string, more: object) =>
      app.aProduct(manager, { name, price: { amount, currency: 'EUR' }, ...more })
    const dear = await of('900', {})
    const cheap = await of('100', {})
    await of('500', { status: 'DRAFT' })
    await of('300', { stockOnHand: 0 })
    const query =
      'query ($filter: ProductFilter) { products(filter: $filter, orderBy: { field: PRICE, direction: ASC }) { totalCount nodes { id } } }'
    const filter = { name: { eq: name }, status: ['ACTIVE'], inStock: true }
    expect(await app.as(manager).ok(query, { filter })).toEqual({
      products: { totalCount: 2, nodes: [{ id: cheap.id }, { id: dear.id }] },
    })
  })
})
