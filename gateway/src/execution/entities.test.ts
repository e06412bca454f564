import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { asked } from './entities.ts'
import { requiresOf } from './requires.ts'
import { rewritesOf } from './rewrites.ts'
import type { Tree } from './tree.ts'

const schema = buildSchema(`
  type Query { items: [Item] }
  interface Item { id: ID! }
  type Book implements Item { id: ID! price: Int sizes: [Size] }
  type Film implements Item { id: ID! }
  type Size { width: Int height: Int }
`)

const field = (name: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode =>
  selections.length > 0 ? { kind: 'Field', name, selections } : { kind: 'Field', name }
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
})
const book = on('Book', field('__typename'), field('id'))

const ask = (places: Tree[], ...selections: QueryPlanSelectionNode[]) =>
  asked(places, requiresOf(schema, selections), [])

describe('asking for entities', () => {
  it('asks for each once, and remembers all its places', () => {
    const places = ['1', '2', '1', '1'].map((id) => ({ __typename: 'Book', id, seen: true }))
    const { representations, numbers } = ask(places, book)
    expect(representations).toEqual([
      { __typename: 'Book', id: '1' },
      { __typename: 'Book', id: '2' },
    ])
    expect(numbers).toEqual([0, 1, 0, 0])
  })

  it('takes a number and its digits for two keys, and two types with one key for two entities', () => {
    const places = [1, '1'].flatMap((id) => ['Book', 'Film'].map((__typename) => ({ __typename, id })))
    expect(ask(places, on('Item', field('__typename'), field('id'))).numbers).toEqual([0, 1, 2, 3])
  })

  it('asks neither for another type, nor for one that is not told, nor for what lacks its key', () => {
    const places = [
      { __typename: 'Film', id: '1' },
      { id: '2' },
      { __typename: 'Book' },
      { __typename: 'Book', id: '3' },
    ]
    expect(ask(places, book).numbers).toEqual([-1, -1, -1, 0])
    expect(ask([{ id: '2' }], field('__typename'), field('id')).numbers).toEqual([-1])
  })

  it('tells entities apart by everything that is told of them', () => {
    const places = [5, 5, 6].map((price) => ({ __typename: 'Book', id: '1', price }))
    const { representations, numbers } = ask(places, book, on('Book', field('price')))
    expect(representations).toEqual([
      { __typename: 'Book', id: '1', price: 5 },
      { __typename: 'Book', id: '1', price: 6 },
    ])
    expect(numbers).toEqual([0, 0, 1])
  })

  it('tells what a field of it needs, however deep, and no more', () => {
    const sizes = [{ width: 1, height: 2, secret: true }, null]
    const { representations } = ask(
      [{ __typename: 'Book', id: '1', sizes }],
      book,
      on('Book', field('sizes', field('width'))),
    )
    expect(representations).toEqual([{ __typename: 'Book', id: '1', sizes: [{ width: 1 }, null] }])
  })

  it('asks without what a fragment cannot tell, and not at all without what all need', () => {
    const place = { __typename: 'Book', id: '1' }
    expect(ask([place], book, on('Book', field('price'))).representations).toEqual([place])
    expect(ask([place], field('__typename'), field('price')).representations).toEqual([])
  })

  it('never takes a text for an object that reads the same', () => {
    const key = { width: 1 }
    const places = [key, JSON.stringify({ __typename: 'Book', id: key }), key].map((id) => ({ __typename: 'Book', id }))
    expect(ask(places, book).numbers).toEqual([0, 1, 0])
  })

  it('tells values apart that JSON cannot say', () => {
    const places = [1n, 2n, 1n].map((price) => ({ __typename: 'Book', id: '1', price }))
    expect(ask(places, book, on('Book', field('price'))).numbers).toEqual([0, 1, 0])
  })

  it('compares before it rewrites: two types that one subgraph takes for one stay two entities', () => {
    const requires = requiresOf(schema, [on('Item', field('__typename'), field('id'))])
    const rewrites = rewritesOf(schema, [
      { kind: 'ValueSetter', path: ['... on Item', '__typename'], setValueTo: 'Item' },
    ])
    const { representations, numbers } = asked(
      [
        { __typename: 'Book', id: '1' },
        { __typename: 'Film', id: '1' },
      ],
      requires,
      rewrites,
    )
    expect(representations).toEqual([
      { __typename: 'Item', id: '1' },
      { __typename: 'Item', id: '1' },
    ])
    expect(numbers).toEqual([0, 1])
  })
})
