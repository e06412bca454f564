// A fetch of root fields: of the operation itself, or of a root type that an answer leads back to.
import { fetched } from './fetch.ts'
import { merge } from './merge.ts'
import { placesOf, type ResponsePath } from './path.ts'
import type { FetchStep } from './plan.ts'
import { applyRewrites } from './rewrites.ts'
import type { Places, Run } from './run.ts'

export async function fetchFields(step: FetchStep, { trees, path }: Places, run: Run): Promise<void> {
  const placing = (within: ResponsePath) => {
    if (path.length === 0) return [within]
    return Array.from(placesOf(run.data, path).values(), (place) => [...place, ...within])
  }
  const data = await fetched(step, run, undefined, placing)
  if (!data) return
  applyRewrites(step.outputs, data)
  for (const [index, tree] of trees.entries()) merge(tree, data, index > 0)
}
