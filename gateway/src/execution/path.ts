// Where in the answer a fetch belongs: a path of keys and lists, which leads to as many objects as the lists have.
import { isTree, read, type Tree, typenameOf } from './tree.ts'

type Step = {
  /** Undefined for a step into each element of a list. */
  readonly key: string | undefined
  /** Of which types an object must be for the path to go on. */
  readonly types: ReadonlySet<string> | undefined
}

export type Path = readonly Step[]
export type ResponsePath = readonly (string | number)[]

/** A path as the planner writes it: `['deals', '@', 'owner']`, its elements perhaps with types, `'@|[Book,Film]'`. */
export const pathOf = (elements: readonly (string | number)[]): Path =>
  elements.filter((element) => element !== '').map((element) => stepOf(String(element)))

function stepOf(element: string): Step {
  const [, name = element, types] = /^(.*)\|\[(.*)\]$/.exec(element) ?? []
  return { key: name === '@' ? undefined : name, types: types === undefined ? undefined : new Set(types.split(',')) }
}

/** The objects that a path leads to from each of some others. Where an answer has another shape, it leads nowhere. */
export function reached(trees: readonly Tree[], path: Path): Tree[] {
  const found: Tree[] = []
  for (const tree of trees) reach(tree, path, 0, found)
  return found
}

function reach(value: unknown, path: Path, depth: number, found: Tree[]): void {
  const step = path[depth]
  if (!step) {
    if (isTree(value)) found.push(value)
  } else if (step.key !== undefined) {
    if (isTree(value)) reachOf(read(value, step.key), step, path, depth, found)
  } else if (Array.isArray(value)) {
    for (const element of value) reachOf(element, step, path, depth, found)
  }
}

function reachOf(value: unknown, { types }: Step, path: Path, depth: number, found: Tree[]): void {
  if (value === null || value === undefined) return
  if (types && isTree(value) && !types.has(typenameOf(value) ?? '')) return
  reach(value, path, depth + 1, found)
}

/** Where each of the objects is that a path leads to; worked out only when an error has to be placed. */
export function placesOf(data: Tree, path: Path): Map<Tree, ResponsePath> {
  const places = new Map<Tree, ResponsePath>()
  const walk = (value: unknown, depth: number, place: ResponsePath) => {
    const step = path[depth]
    if (!step) {
      if (isTree(value)) places.set(value, place)
    } else if (step.key !== undefined) {
      if (isTree(value)) walk(read(value, step.key), depth + 1, [...place, step.key])
    } else if (Array.isArray(value)) {
      for (const [index, element] of value.entries()) walk(element, depth + 1, [...place, index])
    }
  }
  walk(data, 0, [])
  return places
}
