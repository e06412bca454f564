import { describe, expect, it } from 'vitest'
import { pathOf, placesOf, reached } from './path.ts'

const data = {
  shelves: [
    { items: [{ __typename: 'Book', id: 1, of: { id: 'a' } }, null, { __typename: 'Film', id: 2, of: { id: 'b' } }] },
    null,
    { items: [{ __typename: 'Book', id: 3, of: null }] },
  ],
  grid: [[{ id: 1 }], [{ id: 2 }, { id: 3 }]],
  text: 'no object',
}

describe('a path into the answer', () => {
  it.each([
    ['a key', ['shelves', '@'], 2],
    ['lists in lists, past what is null', ['shelves', '@', 'items', '@'], 3],
    ['an object in each of them', ['shelves', '@', 'items', '@', 'of'], 2],
    ['lists of lists', ['grid', '@', '@'], 3],
    ['the objects of some types only', ['shelves', '@', 'items', '@|[Book]', 'of'], 1],
    ['the objects of a key that are of some types', ['', 'shelves', '@', 'items', '@', 'of|[Person]'], 0],
    ['nothing where a list is due', ['text', '@'], 0],
    ['nothing where an object is due', ['text', 'length'], 0],
    ['nothing where a list is not expected', ['shelves', 'items'], 0],
    ['nothing that every object inherits', ['constructor', 'prototype'], 0],
  ])('leads to %s', (_, path, count) => {
    expect(reached([data], pathOf(path))).toHaveLength(count)
  })

  it('tells where each object is', () => {
    const places = placesOf(data, pathOf(['shelves', '@', 'items', '@']))
    expect([...places.values()]).toEqual([
      ['shelves', 0, 'items', 0],
      ['shelves', 0, 'items', 2],
      ['shelves', 2, 'items', 0],
    ])
    expect(places.get(data.shelves[2]?.items[0] ?? {})).toEqual(['shelves', 2, 'items', 0])
  })
})
