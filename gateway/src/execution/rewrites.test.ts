import type { FetchDataRewrite } from '@apollo/query-planner'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { applyRewrites, rewritesOf } from './rewrites.ts'
import type { Tree } from './tree.ts'

const schema = buildSchema(`
  type Query { item: Item }
  interface Item { id: ID }
  type Book implements Item { id: ID }
  type Film implements Item { id: ID }
`)

const rename = (path: string[], renameKeyTo: string): FetchDataRewrite => ({ kind: 'KeyRenamer', path, renameKeyTo })
const set = (path: string[], setValueTo: unknown): FetchDataRewrite => ({ kind: 'ValueSetter', path, setValueTo })

function rewritten(tree: Tree, ...rewrites: FetchDataRewrite[]): unknown {
  applyRewrites(rewritesOf(schema, rewrites), tree)
  return JSON.parse(JSON.stringify(tree))
}

describe('rewriting', () => {
  it.each([
    ['renames a key', { a: 1 }, rename(['a'], 'b'), { b: 1 }],
    [
      'renames what is 0, false or empty too',
      { a: [{ x: 0 }, { x: false }, { x: '' }] },
      rename(['a', 'x'], 'y'),
      {
        a: [{ y: 0 }, { y: false }, { y: '' }],
      },
    ],
    ['leaves what is not there', { c: 1 }, rename(['a'], 'b'), { c: 1 }],
    ['goes through lists of lists', { a: [[{ x: 1 }]] }, rename(['a', 'x'], 'y'), { a: [[{ y: 1 }]] }],
    ['sets a value', { a: { __typename: 'Book' } }, set(['a', '__typename'], 'Item'), { a: { __typename: 'Item' } }],
    [
      'goes on for an object of the type',
      { __typename: 'Book', a: 1 },
      rename(['... on Book', 'a'], 'b'),
      {
        __typename: 'Book',
        b: 1,
      },
    ],
    [
      'goes on for an implementation',
      { __typename: 'Film', a: 1 },
      rename(['... on Item', 'a'], 'b'),
      {
        __typename: 'Film',
        b: 1,
      },
    ],
    ['goes on where no type is told', { a: 1 }, rename(['... on Book', 'a'], 'b'), { b: 1 }],
    [
      'stops at another type',
      { __typename: 'Film', a: 1 },
      rename(['... on Book', 'a'], 'b'),
      { __typename: 'Film', a: 1 },
    ],
    ['stops where there is no object', { a: 'text' }, rename(['a', 'x'], 'y'), { a: 'text' }],
  ])('%s', (_, tree, rewrite, expected) => {
    expect(rewritten(tree, rewrite)).toEqual(expected)
  })
})
