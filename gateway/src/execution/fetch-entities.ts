// A fetch of what a subgraph adds to entities: each is asked for once, and its answer merged wherever it occurs.
import { type GraphQLSchema, isObjectType } from 'graphql'
import { type Asked, asked } from './entities.ts'
import { type Placing, thrown } from './errors.ts'
import { fetched } from './fetch.ts'
import { merge } from './merge.ts'
import { placesOf, type ResponsePath } from './path.ts'
import type { FetchStep } from './plan.ts'
import type { Requires } from './requires.ts'
import { applyRewrites } from './rewrites.ts'
import type { Places, Run } from './run.ts'
import { isTree, type Tree, typenameOf } from './tree.ts'

/** Beyond these the second question costs little (a tenth, measured; from 500 on a third), and each stays of a sane size. */
const mostAtOnce = 1000

export async function fetchEntities(step: FetchStep, requires: Requires, places: Places, run: Run): Promise<void> {
  try {
    const all = asked(places.trees, requires, step.inputs)
    await Promise.all(batchesOf(all).map((batch) => fetchBatch(step, batch, places, run)))
  } catch (error) {
    run.errors.push(thrown(error))
  }
}

function batchesOf(all: Asked): Asked[] {
  const { length } = all.representations
  if (length <= mostAtOnce) return length > 0 ? [all] : []
  return Array.from({ length: Math.ceil(length / mostAtOnce) }, (_, index) => batchOf(all, index * mostAtOnce))
}

/** The same places, of which only those count whose representation is among the batch's. */
function batchOf({ representations, numbers }: Asked, first: number): Asked {
  const batch = representations.slice(first, first + mostAtOnce)
  return {
    representations: batch,
    numbers: numbers.map((number) => (number >= first && number < first + batch.length ? number - first : -1)),
  }
}

const fetchBatch = (step: FetchStep, batch: Asked, places: Places, run: Run): Promise<void> =>
  fetched(step, run, {
    representations: batch.representations,
    placing: placingOf(batch, places, run),
    use: ({ _entities: entities }) => {
      const { length } = batch.representations
      if (!Array.isArray(entities) || entities.length !== length) {
        throw new Error(`The subgraph ${step.source} was asked for ${length} entities and answered otherwise.`)
      }
      place(entities, batch.numbers, places.trees, step)
    },
  })

function place(entities: unknown[], numbers: readonly number[], trees: readonly Tree[], step: FetchStep): void {
  let next = 0
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? -1
    const tree = trees[i]
    if (number === -1 || !tree) continue
    // in the order of their first places, so that one which was met before is met again
    const isCopy = number < next
    const entity: unknown = entities[number]
    if (!isCopy) next = number + 1
    if (!isTree(entity)) continue
    if (!isCopy) prepare(entity, tree, step)
    merge(tree, entity, isCopy)
  }
}

function prepare(entity: Tree, { __typename }: Tree, { outputs, schema }: FetchStep): void {
  if (outputs.length > 0) {
    // they depend on the type, which an answer need not repeat
    if (typenameOf(entity) === undefined) entity.__typename = __typename
    applyRewrites(outputs, entity)
  }
  // a subgraph that knows only an interface of the object cannot say better what it is
  if (entity.__typename !== undefined && entity.__typename !== __typename && isObject(schema, __typename)) {
    entity.__typename = __typename
  }
}

const isObject = (schema: GraphQLSchema, typename: unknown) =>
  typeof typename === 'string' && isObjectType(schema.getType(typename))

/** `_entities.3.name` stands for the name wherever that entity occurs; `_entities` alone for all that were asked for. */
function placingOf({ numbers }: Asked, places: Places, run: Run): Placing {
  let known: ResponsePath[][] | undefined
  return ([, number, ...within]) => {
    known ??= placesByNumber(numbers, places, run)
    const concerned = typeof number === 'number' ? (known[number] ?? []) : known.flat()
    return concerned.map((place) => [...place, ...within])
  }
}

function placesByNumber(numbers: readonly number[], { trees, path }: Places, run: Run): ResponsePath[][] {
  const at = placesOf(run.data, path)
  const places: ResponsePath[][] = []
  for (const [index, tree] of trees.entries()) {
    const [number = -1, place] = [numbers[index], at.get(tree)]
    if (number === -1 || !place) continue
    places[number] ??= []
    places[number].push(place)
  }
  return places
}
