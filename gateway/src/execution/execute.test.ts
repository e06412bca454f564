import { setImmediate as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Answer, ask, product, products, stocked, told } from './testing/ask.ts'

describe('running a plan', () => {
  it('merges what several subgraphs say of an entity', async () => {
    const { data, asked } = await ask('{ products { name stock } }', { shop: products('1', '2'), stock: stocked })
    expect(data).toEqual({
      products: [
        { name: 'Product 1', stock: 1 },
        { name: 'Product 2', stock: 2 },
      ],
    })
    expect(asked.map(({ of }) => of)).toEqual(['shop', 'stock'])
  })

  it('asks for an entity once, and answers for it wherever it stands', async () => {
    const offer = { best: product('7'), others: [[product('7'), null], null, [product('8')]], note: 'x' }
    const { data, asked } = await ask('{ offer { best { stock } others { stock places { shelf } } } }', {
      shop: () => ({ data: { offer } }),
      stock: ({ ids }) => ({ data: { _entities: ids.map((id) => ({ stock: 1, places: [{ shelf: Number(id) }] })) } }),
    })
    const seven = { stock: 1, places: [{ shelf: 7 }] }
    const eight = { stock: 1, places: [{ shelf: 8 }] }
    expect(data).toEqual({ offer: { best: { stock: 1 }, others: [[seven, null], null, [eight]] } })
    expect(asked.filter(({ of }) => of === 'stock').map(({ ids }) => ids)).toEqual(
      expect.arrayContaining([['7'], ['7', '8']]),
    )
  })

  it.each(['Item', 'Query', 7])(
    'keeps what it knows an entity to be, though another subgraph takes it for %s',
    async (__typename) => {
      const { data } = await ask('{ products { __typename stock } }', {
        shop: products('1'),
        stock: () => ({ data: { _entities: [{ __typename, stock: 1 }] } }),
      })
      expect(data).toEqual({ products: [{ __typename: 'Product', stock: 1 }] })
    },
  )

  it('asks side by side what does not depend on each other', async () => {
    const open: (() => void)[] = []
    const waiting =
      (data: unknown): Answer =>
      () =>
        new Promise((resolve) => open.push(() => resolve({ data })))
    const running = ask('{ products { name } shelves }', {
      shop: waiting({ products: [] }),
      stock: waiting({ shelves: 2 }),
    })
    while (open.length < 2) await pause()
    for (const answer of open) answer()
    expect((await running).data).toEqual({ products: [], shelves: 2 })
  })

  it('asks for many entities in several questions side by side', async () => {
    const ids = Array.from({ length: 2200 }, (_, index) => String(index))
    const { data, errors, asked } = await ask('{ products { stock } }', {
      shop: products(...ids),
      stock: (fetch) =>
        fetch.ids[0] === '1000'
          ? { ...(stocked(fetch) as object), errors: [told('NOT_FOUND', ['_entities', 3, 'stock'])] }
          : stocked(fetch),
    })
    expect(asked.slice(1).map((each) => each.ids.length)).toEqual([1000, 1000, 200])
    expect(data).toEqual({ products: ids.map((id) => ({ stock: Number(id) })) })
    expect(errors).toEqual(['products.1003.stock NOT_FOUND'])
  })

  it('asks nothing where there is nobody to ask about', async () => {
    const { asked } = await ask('{ products { stock } }', {
      shop: () => ({ data: { products: [null] } }),
      stock: stocked,
    })
    expect(asked).toHaveLength(1)
  })

  it('makes changes one after the other', async () => {
    const { data, asked } = await ask('mutation { addProduct { stock } countShelves dropProduct { name } }', {
      shop: ({ query }) => ({
        data: query.includes('drop') ? { dropProduct: product('2') } : { addProduct: product('1') },
      }),
      stock: (fetch) => (fetch.isMutation ? { data: { countShelves: 4 } } : stocked(fetch)),
    })
    expect(asked.filter(({ isMutation }) => isMutation).map(({ of }) => of)).toEqual(['shop', 'stock', 'shop'])
    expect(data).toEqual({ addProduct: { stock: 1 }, countShelves: 4, dropProduct: { name: 'Product 2' } })
  })

  it('goes on from the root where an answer leads back to it', async () => {
    const { data, errors } = await ask('mutation { moveStock { query { __typename shelves } } }', {
      shop: () => ({ data: { moveStock: [{ query: {} }, null, { query: {} }] } }),
      stock: () => ({ data: { shelves: 3 }, errors: [told('STALE', ['shelves'])] }),
    })
    const query = { __typename: 'Query', shelves: 3 }
    expect(data).toEqual({ moveStock: [{ query }, null, { query }] })
    expect(errors).toEqual(['moveStock.0.query.shelves STALE', 'moveStock.2.query.shelves STALE'])
  })

  it.each([
    [{ stocked: true }, ['shop', 'stock']],
    [{ stocked: false }, ['shop']],
  ])('asks for what is conditional only when it has to: %o', async (variables, expected) => {
    const query = 'query ($stocked: Boolean!) { products { name stock @include(if: $stocked) } }'
    const { asked } = await ask(query, { shop: products('1'), stock: stocked }, variables)
    expect(asked.map(({ of }) => of)).toEqual(expected)
  })

  it('hands on the variables that are given, and leaves defaults to the operation', async () => {
    const query = 'query ($first: Int = 5) { products(first: $first) { name } }'
    const { asked } = await ask(query, { shop: products() }, { more: 1 })
    expect(asked[0]?.variables).toEqual({})
    const given = await ask(query, { shop: products() }, { first: 2, more: 1 })
    expect(given.asked[0]?.variables).toEqual({ first: 2 })
  })

  it('answers what is asked of the schema beside the rest', async () => {
    const query =
      'query ($name: String!) { shelves type: __type(name: $name) { ...N } __schema { queryType { ...N } } } fragment N on __Type { name }'
    const { data } = await ask(query, { stock: () => ({ data: { shelves: 1 } }) }, { name: 'Offer' })
    expect(data).toEqual({ shelves: 1, type: { name: 'Offer' }, __schema: { queryType: { name: 'Query' } } })
  })
})

describe('a run that nobody waits for', () => {
  it('asks nobody', async () => {
    const { data, errors, asked } = await ask('{ shelves }', { stock: stocked }, {}, AbortSignal.abort())
    expect([data, errors, asked]).toEqual([undefined, [' SERVICE_UNAVAILABLE'], []])
  })

  it('ends at once with one error, whatever its sources do, and changes nothing more', async () => {
    const controller = new AbortController()
    let answer: (result: unknown) => void = () => {}
    const started: string[] = []
    const running = ask(
      'mutation { addProduct { name } countShelves }',
      {
        shop: ({ of, signal }) => {
          started.push(of)
          expect(signal).toBe(controller.signal)
          return new Promise((resolve) => {
            answer = resolve
          })
        },
        stock: ({ of }) => void started.push(of),
      },
      {},
      controller.signal,
    )
    await pause()
    controller.abort()
    const { data, errors } = await running
    expect([data, errors]).toEqual([undefined, [' SERVICE_UNAVAILABLE']])
    answer({ data: { addProduct: product('1') } })
    await pause()
    expect(started).toEqual(['shop'])
  })
})
