// Which entities a fetch asks for: each once, however often it occurs, and where the answer for each belongs.
import { onlyKeyOf, type Requires, representationOf, requiresOfType } from './requires.ts'
import { applyRewrites, type Rewrite } from './rewrites.ts'
import { isTree, read, type Tree, typenameOf, write } from './tree.ts'

export type Asked = {
  readonly representations: readonly Tree[]
  /** For each place the number of its representation, in the order of their first places; -1 where nothing is asked. */
  readonly numbers: readonly number[]
}

/** What is known of the entities of one type: which number a key has. */
type Kind = {
  readonly typename: string
  readonly requires: Requires
  /** The field that alone tells one from another; where it takes more than that, the whole representation does. */
  readonly key: string | undefined
  readonly numbers: Map<unknown, number>
  /** Of whole representations. */
  readonly numbersByText: Map<string, number>
}

export function asked(places: readonly Tree[], requires: Requires, rewrites: readonly Rewrite[]): Asked {
  const representations: Tree[] = []
  const kinds = new Map<string, Kind>()
  let kind: Kind | undefined

  function numberOf(place: Tree): number {
    const typename = typenameOf(place)
    if (typename === undefined) return -1
    if (!kind || kind.typename !== typename) {
      kind = kinds.get(typename) ?? kindOf(requires, typename)
      kinds.set(typename, kind)
    }
    const { key, numbers } = kind
    const value = key === undefined ? undefined : read(place, key)
    if (key === undefined || typeof value === 'object') return numberByText(place, kind)
    if (value === undefined) return -1
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, representations.length)
    return added(representationBy(typename, key, value))
  }

  function numberByText(place: Tree, { requires: ofKind, numbersByText }: Kind): number {
    const representation = representationOf(place, ofKind)
    if (!representation) return -1
    const text = textOf(representation)
    const known = numbersByText.get(text)
    if (known !== undefined) return known
    numbersByText.set(text, representations.length)
    return added(representation)
  }

  /** Rewritten after it was compared: that may make two types look like one. */
  function added(representation: Tree): number {
    if (rewrites.length > 0) applyRewrites(rewrites, representation)
    return representations.push(representation) - 1
  }

  return { numbers: places.map(numberOf), representations }
}

function representationBy(typename: string, key: string, value: unknown): Tree {
  // what most keys are called: a literal is made several times faster
  if (key === 'id') return { __typename: typename, id: value }
  const representation: Tree = { __typename: typename }
  write(representation, key, value)
  return representation
}

function kindOf(requires: Requires, typename: string): Kind {
  const ofType = requiresOfType(requires, typename)
  return { typename, requires: ofType, key: onlyKeyOf(ofType), numbers: new Map(), numbersByText: new Map() }
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
