// A fetch of root fields: of the operation itself, or of a root type that an answer leads back to.
import type { Placing } from './errors.ts'
import { fetched } from './fetch.ts'
import { merge } from './merge.ts'
import { type Path, placesOf, type ResponsePath } from './path.ts'
import type { FetchStep } from './plan.ts'
import { applyRewrites } from './rewrites.ts'
import type { Places, Run } from './run.ts'

export const fetchFields = (step: FetchStep, { trees, path }: Places, run: Run): Promise<void> =>
  fetched(step, run, {
    representations: undefined,
    placing: placingOf(path, run),
    use(data) {
      applyRewrites(step.outputs, data)
      for (const [index, tree] of trees.entries()) merge(tree, data, index > 0)
    },
  })

function placingOf(path: Path, run: Run): Placing {
  let places: readonly ResponsePath[] | undefined
  return (within) => {
    places ??= path.length === 0 ? [[]] : [...placesOf(run.data, path).values()]
    return places.map((place) => [...place, ...within])
  }
}
