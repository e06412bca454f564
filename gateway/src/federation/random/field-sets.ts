// What the SDL of a subgraph names in `@key` and `@requires`.
import { type ConstDirectiveNode, type DocumentNode, parse, type SelectionNode } from 'graphql'

/** The fields that stand in keys, by type. */
export function keysOf(typeDefs: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>()
  for (const definition of typeDefs.definitions) {
    if (!('fields' in definition) || !('directives' in definition) || !('name' in definition)) continue
    const fields = fieldSetsOf('key', definition).flatMap((each) => (each.kind === 'Field' ? [each.name.value] : []))
    const name = definition.name?.value
    if (name && fields.length > 0) keys.set(name, [...(keys.get(name) ?? []), ...fields])
  }
  return keys
}

type Declared = { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined

/** What a directive's `fields` select. */
const fieldSetsOf = (directive: string, declared: Declared): readonly SelectionNode[] =>
  (declared?.directives ?? [])
    .filter(({ name }) => name.value === directive)
    .flatMap((each) => {
      const fields = each.arguments?.find(({ name }) => name.value === 'fields')?.value
      const [operation] = fields?.kind === 'StringValue' ? parse(`{ ${fields.value} }`).definitions : []
      return operation?.kind === 'OperationDefinition' ? operation.selectionSet.selections : []
    })

/** What a field is worked out of, and none of what else was sent along for others. */
export function requirementOf(declared: Declared, parent: unknown): unknown {
  const selections = fieldSetsOf('requires', declared)
  return selections.length > 0 ? required(selections, parent) : undefined
}

function required(selections: readonly SelectionNode[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => required(selections, item))
  if (typeof value !== 'object' || value === null || selections.length === 0) return value
  return selections.flatMap((each): unknown[] => {
    if (each.kind === 'FragmentSpread') return []
    const inside = each.selectionSet?.selections ?? []
    if (each.kind === 'InlineFragment') return [required(inside, value)]
    return [required(inside, (value as Record<string, unknown>)[each.name.value])]
  })
}
