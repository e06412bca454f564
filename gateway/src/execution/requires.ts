// What a subgraph must be told of an entity to find it again: its representation, read from what is there already.
import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { merge } from './merge.ts'
import { isTree, read, type Tree, typenameOf, write } from './tree.ts'
import { typesWithin } from './types.ts'

export type Requires = {
  readonly fields: readonly { readonly name: string; readonly within: Requires | undefined }[]
  readonly fragments: readonly { readonly types: ReadonlySet<string>; readonly requires: Requires }[]
}

export function requiresOf(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): Requires {
  const fields: Requires['fields'][number][] = []
  const fragments: Requires['fragments'][number][] = []
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const within = selection.selections && requiresOf(schema, selection.selections)
      fields.push({ name: selection.alias ?? selection.name, within })
    } else if (selection.typeCondition !== undefined) {
      const types = typesWithin(schema, selection.typeCondition)
      fragments.push({ types, requires: requiresOf(schema, selection.selections) })
    }
  }
  return { fields, fragments }
}

/** Undefined when it lacks something, or is of a type that is not asked for. */
export function representationOf(entity: Tree, requires: Requires): Tree | undefined {
  const representation = selected(entity, requires)
  return representation && typenameOf(representation) !== undefined ? representation : undefined
}

function selected(tree: Tree, { fields, fragments }: Requires): Tree | undefined {
  let result: Tree | undefined
  for (const { name, within } of fields) {
    const value = read(tree, name)
    if (value === undefined) return undefined
    result ??= {}
    write(result, name, within ? selectedWithin(value, within) : value)
  }
  if (fragments.length === 0) return result ?? {}
  const typename = typenameOf(tree)
  for (const { types, requires } of fragments) {
    if (typename === undefined || !types.has(typename)) continue
    const part = selected(tree, requires)
    if (part === undefined) continue
    if (result) merge(result, part)
    else result = part
  }
  return result ?? {}
}

function selectedWithin(value: unknown, within: Requires): unknown {
  if (Array.isArray(value)) return value.map((element) => selectedWithin(element, within))
  return isTree(value) ? (selected(value, within) ?? null) : null
}

/** The same, with no fragment left to choose from where only one fits the type. */
export function requiresOfType(requires: Requires, typename: string): Requires {
  const fitting = requires.fragments.filter(({ types }) => types.has(typename))
  const [only, ...others] = fitting
  return only && others.length === 0 && requires.fields.length === 0
    ? requiresOfType(only.requires, typename)
    : { fields: requires.fields, fragments: fitting }
}

/** The one field that is asked for besides the type, if there is only one and it is a scalar. */
export function onlyKeyOf({ fields, fragments }: Requires): string | undefined {
  const [key, ...others] = fields.filter(({ name }) => name !== '__typename')
  const isOnly = others.length === 0 && fragments.length === 0 && fields.length === 2
  return key && isOnly && !key.within ? key.name : undefined
}
