import { describe, expect, it } from 'vitest'
import { merge } from './merge.ts'
import type { Tree } from './tree.ts'

const merged = (target: Tree, source: Tree) => {
  merge(target, source)
  return target
}

describe('merging an answer into what is there', () => {
  it.each([
    ['adds what is new', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['takes the newer of two values', { a: 1 }, { a: 2 }, { a: 2 }],
    ['goes into objects', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    [
      'goes into lists of one length',
      { a: [{ b: 1 }, { b: 2 }] },
      { a: [{ c: 3 }, null] },
      { a: [{ b: 1, c: 3 }, null] },
    ],
    ['replaces a list of another length', { a: [{ b: 1 }] }, { a: [{ c: 2 }, { c: 3 }] }, { a: [{ c: 2 }, { c: 3 }] }],
    ['lets null win over an object', { a: { b: 1 } }, { a: null }, { a: null }],
    ['lets an object win over null', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['replaces an object by a list', { a: { b: 1 } }, { a: [1] }, { a: [1] }],
    ['replaces a list by an object', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['leaves what the answer does not say', { a: 1 }, { a: undefined }, { a: 1 }],
  ])('%s', (_, target, source, expected) => {
    expect(merged(target, source)).toEqual(expected)
  })

  it('takes names that every object inherits for names like any other', () => {
    const source = JSON.parse('{"constructor":{"a":1},"toString":"b","__proto__":{"polluted":true}}')
    const target = merged({}, source)
    expect(JSON.stringify(target)).toBe(JSON.stringify(source))
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype)
    expect(merged({}, { a: 1 }).polluted).toBeUndefined()
  })

  it('copies for a second place, so that a later answer for the one is not seen at the other', () => {
    const source = { address: { lines: [{ street: 'Long' }] } }
    const [first, second]: [Tree, Tree] = [{}, {}]
    merge(first, source)
    merge(second, source, true)
    merge(first, { address: { lines: [{ number: 1 }] } })
    expect(second).toEqual({ address: { lines: [{ street: 'Long' }] } })
  })

  it('keeps a value that is an object of a class', () => {
    const at = new Date(0)
    const target: Tree = {}
    merge(target, { at, times: [at] }, true)
    expect(target).toEqual({ at, times: [at] })
  })
})
