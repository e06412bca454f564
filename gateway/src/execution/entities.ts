// Which entities a fetch asks for: each once, however often it occurs, and where the answer for each belongs.
import { type Requires, representationOf } from './requires.ts'
import { applyRewrites, type Rewrite } from './rewrites.ts'
import { isTree, type Tree } from './tree.ts'

export type Asked = {
  readonly representations: readonly Tree[]
  /** For each place the number of its representation; -1 where nothing is asked for. */
  readonly numbers: readonly number[]
}

export function asked(places: readonly Tree[], requires: Requires, rewrites: readonly Rewrite[]): Asked {
  const representations: Tree[] = []
  const known: Known = new Map()
  const numbers = places.map((place) => {
    const representation = representationOf(place, requires)
    if (!representation) return -1
    const number = numberOf(representation, known, representations.length)
    if (number < representations.length) return number
    // after it was compared: a rewrite may make two types look like one
    applyRewrites(rewrites, representation)
    representations.push(representation)
    return number
  })
  return { representations, numbers }
}

/** Numbers by type, by the name of the only key, by its value; a key of several parts is known by its text. */
type Known = Map<unknown, Map<string, Map<unknown, number>>>

function numberOf(representation: Tree, known: Known, next: number): number {
  const key = onlyKeyOf(representation)
  const value = key === undefined ? textOf(representation) : representation[key]
  const ofKey = within(within(known, representation.__typename), key ?? '')
  const number = ofKey.get(value)
  if (number === undefined) ofKey.set(value, next)
  return number ?? next
}

function within<Outer, Inner, Value>(maps: Map<Outer, Map<Inner, Value>>, key: Outer): Map<Inner, Value> {
  const known = maps.get(key)
  if (known) return known
  const fresh = new Map<Inner, Value>()
  maps.set(key, fresh)
  return fresh
}

/** The field that alone, as a scalar, tells an entity from others of its type. */
function onlyKeyOf(representation: Tree): string | undefined {
  let only: string | undefined
  for (const key in representation) {
    if (key === '__typename') continue
    if (only !== undefined) return undefined
    only = key
  }
  return only !== undefined && typeof representation[only] !== 'object' ? only : undefined
}

/** JSON, and also what JSON cannot say. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`
  if (isTree(value) && typeof value.toJSON !== 'function') {
    const entries = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${textOf(part)}`)
    return `{${entries.join()}}`
  }
  return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? 'undefined')
}
