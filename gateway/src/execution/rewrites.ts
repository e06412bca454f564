// The changes that a plan makes to what is sent or was answered: a value set, or a key renamed, somewhere inside.
import type { FetchDataRewrite } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { isTree, read, type Tree, typenameOf, write } from './tree.ts'
import { typesWithin } from './types.ts'

type Step = { readonly key: string } | { readonly types: ReadonlySet<string> }

export type Rewrite = { readonly path: readonly Step[]; readonly change: (tree: Tree) => void }

const fragment = '... on '

export const rewritesOf = (schema: GraphQLSchema, rewrites: readonly FetchDataRewrite[] = []): readonly Rewrite[] =>
  rewrites.map((rewrite) => {
    const last = rewrite.path.at(-1) ?? ''
    const path = rewrite.path
      .slice(0, -1)
      .map((element) =>
        element.startsWith(fragment)
          ? { types: typesWithin(schema, element.slice(fragment.length)) }
          : { key: element },
      )
    return { path, change: changeOf(rewrite, last) }
  })

function changeOf(rewrite: FetchDataRewrite, key: string): Rewrite['change'] {
  if (rewrite.kind === 'ValueSetter') return (tree) => write(tree, key, rewrite.setValueTo)
  return (tree) => {
    const value = read(tree, key)
    if (value === undefined) return
    write(tree, rewrite.renameKeyTo, value)
    write(tree, key, undefined)
  }
}

export function applyRewrites(rewrites: readonly Rewrite[], value: unknown): void {
  for (const rewrite of rewrites) apply(rewrite, 0, value)
}

function apply(rewrite: Rewrite, depth: number, value: unknown): void {
  if (Array.isArray(value)) {
    for (const element of value) apply(rewrite, depth, element)
  } else if (isTree(value)) {
    const step = rewrite.path[depth]
    if (!step) rewrite.change(value)
    else if ('key' in step) apply(rewrite, depth + 1, read(value, step.key))
    else if (isWithin(value, step.types)) apply(rewrite, depth + 1, value)
  }
}

/** An object that does not say its type is taken for what the plan expects. */
function isWithin(tree: Tree, types: ReadonlySet<string>): boolean {
  const typename = typenameOf(tree)
  return typename === undefined || types.has(typename)
}
