// Merges what a fetch answered into what is there, in place: objects deeply, lists of one length by position.
import { isTree, read, type Tree, write } from './tree.ts'

/**
 * Without `isCopy` the source is used up: its objects become part of the target. One source for several targets is
 * copied for all but one, so that no two places ever share an object which a later fetch merges into.
 */
export function merge(target: Tree, source: Tree, isCopy = false): void {
  for (const key in source) {
    const value = source[key]
    if (value === undefined) continue
    if (typeof value !== 'object' || value === null) write(target, key, value)
    else write(target, key, merged(read(target, key), value, isCopy))
  }
}

function merged(existing: unknown, value: object, isCopy: boolean): unknown {
  if (Array.isArray(value)) {
    if (!Array.isArray(existing) || existing.length !== value.length) return isCopy ? copied(value) : value
    for (let i = 0; i < value.length; i++) {
      const element: unknown = value[i]
      if (isTree(element) && isTree(existing[i])) merge(existing[i], element, isCopy)
      else existing[i] = isCopy ? copied(element) : element
    }
    return existing
  }
  if (!isTree(existing)) return isCopy ? copied(value) : value
  merge(existing, value as Tree, isCopy)
  return existing
}

/** What is no plain object, such as a date from a subgraph in this process, is a value. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (!isTree(value) || !plain.has(Object.getPrototypeOf(value))) return value
  const copy: Tree = {}
  merge(copy, value, true)
  return copy
}

const plain: ReadonlySet<unknown> = new Set([null, Object.prototype])
