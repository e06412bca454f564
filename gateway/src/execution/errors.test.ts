import { describe, expect, it } from 'vitest'
import { type Answer, ask, product, products, told } from './testing/ask.ts'

describe('an error of a subgraph', () => {
  it('is told at every place of the entity it is about', async () => {
    const { data, errors } = await ask('{ products { stock } }', {
      shop: products('1', '2', '1'),
      stock: () => ({
        data: { _entities: [null, { stock: 2 }] },
        errors: [told('NOT_FOUND', ['_entities', 0, 'stock'])],
      }),
    })
    expect(data).toEqual({ products: [{ stock: null }, { stock: 2 }, { stock: null }] })
    expect(errors).toEqual(['products.0.stock NOT_FOUND', 'products.2.stock NOT_FOUND'])
  })

  it.each([
    ['of all entities at each of them', ['_entities'], ['products.0 BAD', 'products.2 BAD']],
    ['of an entity past those that were not asked for', ['_entities', 1], ['products.2 BAD']],
    ['of an entity that nobody asked for without a path', ['_entities', 9], [' BAD']],
    ['of no place without a path', undefined, [' BAD']],
  ])('is told: %s', async (_, path, expected) => {
    const { errors } = await ask('{ products { stock } }', {
      shop: () => ({ data: { products: [product('1'), null, product('2'), { id: '3' }] } }),
      stock: () => ({ data: null, errors: [told('BAD', path)] }),
    })
    expect(errors).toEqual(expected)
  })

  it.each<[string, Answer]>([
    ['rejects', () => Promise.reject(new Error('secret'))],
    ['says nothing', () => undefined],
    ['says null', () => null],
    ['answers fewer entities', () => ({ data: { _entities: [] } })],
    ['answers no list of entities', () => ({ data: { _entities: { 0: {} } } })],
    ['answers no entities', () => ({ data: {} })],
  ])('costs its own fields when it %s', async (_, stock) => {
    const { data, errors } = await ask('{ products { name stock } }', { shop: products('1'), stock })
    expect(data).toEqual({ products: [{ name: 'Product 1', stock: null }] })
    expect(errors).toEqual([' unknown'])
  })

  it.each<[string, unknown]>([
    ['a text for an entity', { data: { _entities: ['x'] } }],
    ['a list for an entity', { data: { _entities: [[{ stock: 1 }]] } }],
    ['a text for data', { data: 'x' }],
    ['errors that are none', { data: { _entities: [null] }, errors: 'x' }],
    ['names of the prototype', JSON.parse('{"data":{"_entities":[{"__proto__":{"stock":1},"constructor":{"a":1}}]}}')],
  ])('is not thrown for %s', async (_, answer) => {
    const { data } = await ask('{ products { stock } }', { shop: products('1'), stock: () => answer })
    expect(data).toEqual({ products: [{ stock: null }] })
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a message that is no text', { message: 1, path: ['shelves'], extensions: 'x' }],
    ['a path of objects', { message: 'x', path: [{ a: 1 }] }],
  ])('may itself be nonsense: %s', async (_, error) => {
    const { errors } = await ask('{ shelves }', { stock: () => ({ data: null, errors: [error] }) })
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toContain('DOWNSTREAM_SERVICE_ERROR')
  })

  it('is told ten thousand times at most, and soon', async () => {
    const ids = Array.from({ length: 400 }, (_, index) => String(index))
    const { errors } = await ask('{ products { stock } }', {
      shop: products(...ids),
      stock: () => ({ data: null, errors: Array.from({ length: 400 }, () => told('BAD', ['_entities'])) }),
    })
    expect(errors).toHaveLength(10_000)
  })

  it('is told for an answer that is nested beyond measure, where that has to be copied', async () => {
    let places: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) places = { shelf: places }
    const { data, errors } = await ask('{ products { name places { shelf } } }', {
      shop: products('1', '1'),
      stock: () => ({ data: { _entities: [{ places: [places] }] } }),
    })
    expect(data).toMatchObject({ products: [{ name: 'Product 1' }, { name: 'Product 1' }] })
    expect(errors?.length).toBeGreaterThan(0)
  })

  it('is told for a subgraph without a source', async () => {
    const { data, errors } = await ask('{ shelves products { name } }', { shop: products() })
    expect(data).toEqual({ shelves: null, products: [] })
    expect(errors).toHaveLength(1)
  })

  it('is told where nothing can be made of an answer, which costs that field only', async () => {
    const offer = { best: [product('1')], others: null, note: 'x' }
    const { data, errors } = await ask('{ offer { best { name } note } }', { shop: () => ({ data: { offer } }) })
    expect(data).toEqual({ offer: { best: null, note: 'x' } })
    expect(errors).toEqual(['offer.best DOWNSTREAM_SERVICE_ERROR'])
  })

  it('leaves to the extensions what is null against the schema, as long as nothing else went wrong', async () => {
    const shop: Answer = () => ({ data: { offer: { note: null } } })
    const { data, errors, extensions } = await ask('{ offer { note } }', { shop })
    expect([data, errors]).toEqual([{ offer: null }, undefined])
    expect(extensions).toMatchObject({ valueCompletion: [{ path: ['offer', 'note'] }] })
    const failed = await ask('{ offer { note } shelves }', {
      shop,
      stock: () => ({ data: null, errors: [told('BAD')] }),
    })
    expect(failed).toMatchObject({ data: { offer: null }, errors: [' BAD'], extensions: undefined })
  })
})
