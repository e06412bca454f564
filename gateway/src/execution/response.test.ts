import { usualLimits } from '@switchyard/runtime/limits'
import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { conditionsFor } from './conditions.ts'
import { namesOf } from './names.ts'
import { preparedOperation } from './operation.ts'
import { responseOf } from './response.ts'
import type { Tree } from './tree.ts'

const schema = buildSchema(`
  type Query { item: Item items: [Item!] must: Item! book: Book grid: [[Int]] any: Any all: Everything either: Either }
  interface Item { id: ID! name: String }
  type Book implements Item { id: ID! name: String pages: Int! author: Author }
  type Film implements Item { id: ID! name: String minutes: Int }
  union Either = Book | Film
  type Author { name: String! books: [Book!]! }
  enum Colour { RED GREEN }
  scalar Any
  type Everything { int: Int float: Float text: String id: ID flag: Boolean colour: Colour any: Any }
`)

function shaped(query: string, data: unknown, variables: Record<string, unknown> = {}) {
  const { node, response } = preparedOperation(schema, namesOf(schema, parse(query)), undefined)
  const told = responseOf(data as Tree, response(conditionsFor(node, variables)), {
    schema,
    introspected: () => null,
    maxBytes: usualLimits.responseBytes,
  })
  const places = (errors: typeof told.unfit) => errors.map(({ path }) => path?.join('.'))
  return { data: told.data, unfit: places(told.unfit), misshapen: places(told.misshapen) }
}

describe('what is selected', () => {
  it.each([
    [
      'drops what nobody asked for',
      '{ book { id } }',
      { book: { id: '1', secret: 2 }, more: 3 },
      { book: { id: '1' } },
    ],
    [
      'gives null for what is missing',
      '{ book { id name } }',
      { book: { id: '1' } },
      { book: { id: '1', name: null } },
    ],
    ['reads what an alias names', '{ b: book { n: name id } }', { b: { n: 'N', id: '1' } }, { b: { n: 'N', id: '1' } }],
    [
      'merges selections of one name',
      '{ book { id } book { name author { name } author { name } } }',
      {
        book: { id: '1', name: 'N', author: { name: 'A' } },
      },
      { book: { id: '1', name: 'N', author: { name: 'A' } } },
    ],
    [
      'opens the fragments of the type',
      '{ item { ... on Book { pages } ... on Film { minutes } ...F } } fragment F on Item { id }',
      {
        item: { __typename: 'Film', id: '1', minutes: 9, pages: 8 },
      },
      { item: { minutes: 9, id: '1' } },
    ],
    [
      'opens a fragment that widens a type nobody told',
      '{ book { ... on Item { ... on Book { pages } } } }',
      {
        book: { pages: 3 },
      },
      { book: { pages: 3 } },
    ],
    [
      'opens only the fields of an interface where no type is told',
      '{ item { id ... on Book { pages } } }',
      {
        item: { id: '1', pages: 3 },
      },
      { item: { id: '1' } },
    ],
    [
      'tells the type',
      '{ __typename item { t: __typename __typename } book { __typename } }',
      {
        item: { __typename: 'Book' },
        book: {},
      },
      { __typename: 'Query', item: { t: 'Book', __typename: 'Book' }, book: { __typename: 'Book' } },
    ],
    [
      'tells the type under another name only as the object itself does',
      '{ item { t: __typename } }',
      { item: { __typename: 'Book', t: 'Item' } },
      { item: { t: 'Book' } },
    ],
    [
      'tells a member of a union apart',
      '{ either { ... on Film { minutes } ... on Book { id } } }',
      {
        either: { __typename: 'Book', id: '1', minutes: 1 },
      },
      { either: { id: '1' } },
    ],
    [
      'keeps names that every object inherits',
      '{ book { constructor: id toString: name } }',
      {
        book: { constructor: '1' },
      },
      { book: { constructor: '1', toString: null } },
    ],
  ])('%s', (_, query, data, expected) => {
    expect(shaped(query, data)).toEqual({ data: expected, unfit: [], misshapen: [] })
  })

  it('can be called __proto__ and stays a field', () => {
    const { data } = shaped('{ book { __proto__: id } }', JSON.parse('{"book":{"__proto__":"1"}}'))
    expect(JSON.stringify(data)).toBe('{"book":{"__proto__":"1"}}')
  })

  it.each([
    [{ yes: true, no: false }, { a: '1' }],
    [{ yes: false, no: false }, {}],
    [
      { yes: true, no: true },
      { a: '1', b: '1', c: '1' },
    ],
  ])('depends on %o', (variables, book) => {
    const query = `query ($yes: Boolean!, $no: Boolean!, $never: Boolean = true) {
      book { a: id @include(if: $yes) ... @include(if: $no) { b: id @include(if: $yes) } ...F @skip(if: $never) ...G @include(if: $no) }
    }
    fragment F on Book { d: id }
    fragment G on Book { c: id @include(if: $yes) }`
    const data = { book: { a: '1', b: '1', c: '1', d: '1' } }
    expect(shaped(query, data, variables).data).toEqual({ book })
  })

  it('is refused where its condition is neither true nor false', () => {
    const query = 'query ($yes: Boolean = true) { book @include(if: $yes) { id } }'
    expect(() => shaped(query, {}, { yes: null })).toThrow('$yes')
  })
})

describe('a value that may not be null', () => {
  it.each([
    ['takes its object with it', '{ book { pages } }', { book: {} }, { book: null }, 'book.pages'],
    [
      'takes its list with it',
      '{ items { id } }',
      { items: [{ id: '1' }, { id: null }] },
      { items: null },
      'items.1.id',
    ],
    [
      'takes an element with it where that may be null',
      '{ grid }',
      { grid: [[1, 'x'], null] },
      { grid: [[1, null], null] },
      'grid.0.1',
    ],
    [
      'takes everything up to the root',
      '{ book { id } must { id } }',
      { book: { id: '1' }, must: {} },
      null,
      'must.id',
    ],
    [
      'stops at the nearest that may be',
      '{ book { id author { books { author { name } } } } }',
      {
        book: { id: '1', author: { books: [{ author: {} }] } },
      },
      { book: { id: '1', author: { books: [{ author: null }] } } },
      'book.author.books.0.author.name',
    ],
    [
      'counts as null when its type is not known',
      '{ item { id } }',
      { item: { __typename: 'Ghost', id: '1' } },
      { item: null },
      'item',
    ],
  ])('%s', (_, query, data, expected, place) => {
    expect(shaped(query, data)).toEqual({ data: expected, unfit: [place], misshapen: [] })
  })
})

describe('a scalar', () => {
  const fits: [string, unknown[], unknown[]][] = [
    ['int', [0, -3, 2 ** 40], [1.5, '1', true, Number.NaN, 1e21, {}, []]],
    ['float', [0, 1.5, -2], ['1', Number.POSITIVE_INFINITY, false]],
    ['text', ['', 'x'], [1, true, {}, ['x']]],
    ['id', ['x', 7], [1.5, true, {}]],
    ['flag', [true, false], [0, 'true']],
    ['colour', ['RED'], ['BLUE', 1, 'constructor', {}]],
    ['any', [0, 'x', false, [1], { a: { b: 2 } }], []],
  ]

  it.each(fits)('%s is left as it is, or null', (name, good, bad) => {
    for (const value of good)
      expect(shaped(`{ all { ${name} } }`, { all: { [name]: value } }).data).toEqual({ all: { [name]: value } })
    for (const value of bad) {
      expect(shaped(`{ all { ${name} } }`, { all: { [name]: value } })).toEqual({
        data: { all: { [name]: null } },
        unfit: [`all.${name}`],
        misshapen: [],
      })
    }
  })
})

describe('a value of a wrong shape', () => {
  it.each([
    ['a text for an object', '{ book { id } }', { book: 'x' }, { book: null }, 'book'],
    ['a list for an object', '{ book { id } }', { book: [{ id: '1' }] }, { book: null }, 'book'],
    ['an object for a list', '{ items { id } }', { items: { id: '1' } }, { items: null }, 'items'],
    ['a list for an element', '{ items { id } }', { items: [[{ id: '1' }]] }, { items: null }, 'items.0'],
    ['a type that is no text', '{ item { id } }', { item: { __typename: { a: 1 }, id: '1' } }, { item: null }, 'item'],
  ])('costs its field: %s', (_, query, data, expected, place) => {
    expect(shaped(query, data)).toEqual({ data: expected, unfit: [], misshapen: [place] })
  })

  it('is told a hundred times at most', () => {
    const grid = Array.from({ length: 1000 }, () => 'x')
    expect(shaped('{ grid }', { grid }).misshapen).toHaveLength(100)
  })
})
