// Asks a subgraph, once it is certain that somebody waits; whatever goes wrong is an error of the run and no exception.
import { type Placing, placed, thrown } from './errors.ts'
import type { FetchStep } from './plan.ts'
import type { Run } from './run.ts'
import { isTree, type Tree } from './tree.ts'

export type Question = {
  /** The entities that are asked for; undefined where root fields are. */
  readonly representations: readonly Tree[] | undefined
  readonly placing: Placing
  /** Puts the answer where it belongs. */
  readonly use: (data: Tree) => void
}

export async function fetched(
  { source: name, query, isMutation, variables: names }: FetchStep,
  { sources, variables: given, context, errors }: Run,
  { representations, placing, use }: Question,
): Promise<void> {
  if (context.signal?.aborted) return
  try {
    const source = Object.hasOwn(sources, name) ? sources[name] : undefined
    if (!source) throw new Error(`There is no source for the subgraph ${name}.`)
    const variables = picked(given, names)
    if (representations) variables.representations = representations
    const result: unknown = await source({ query, variables, isMutation, context, signal: context.signal })
    if (!isTree(result)) throw new Error(`The subgraph ${name} did not answer with a GraphQL result.`)
    for (const error of placed(result.errors, name, placing)) errors.push(error)
    if (isTree(result.data)) use(result.data)
  } catch (error) {
    errors.push(thrown(error))
  }
}

function picked(given: Run['variables'], names: readonly string[]): Record<string, unknown> {
  const variables: Record<string, unknown> = {}
  for (const name of names) {
    if (Object.hasOwn(given, name) && given[name] !== undefined) variables[name] = given[name]
  }
  return variables
}
