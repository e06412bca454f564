// The root of a subscription: the one field it follows, wherever fragments have put it.
import { type DocumentNode, type FieldNode, GraphQLError, Kind, type SelectionNode } from 'graphql'

/** What stands at the root of a document's subscriptions, fragments opened; each is visited once. */
function* rootSelections({ definitions }: DocumentNode): Generator<SelectionNode> {
  const opened = new Set<string>()
  const waiting = definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'subscription'
      ? definition.selectionSet.selections
      : [],
  )
  for (let selection = waiting.shift(); selection; selection = waiting.shift()) {
    yield selection
    if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(...selection.selectionSet.selections)
    if (selection.kind !== Kind.FRAGMENT_SPREAD || opened.has(selection.name.value)) continue
    const { value: name } = selection.name
    opened.add(name)
    const fragment = definitions.find((each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name)
    if (fragment?.kind === Kind.FRAGMENT_DEFINITION) waiting.push(...fragment.selectionSet.selections)
  }
}

/** Neither validation nor the planner has an answer to a subscription that may have no field at all. */
export function conditionalRoot(document: DocumentNode): GraphQLError | undefined {
  for (const { directives = [] } of rootSelections(document)) {
    const condition = directives.find(({ name }) => name.value === 'skip' || name.value === 'include')
    if (!condition) continue
    return new GraphQLError('The field at the root of a subscription stands without @skip and @include.', {
      nodes: [condition],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
  }
  return undefined
}

/** Whether a subscription begins at a cursor: what it replays is its own subscriber's only. */
export function beginsAtCursor(document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean {
  for (const selection of rootSelections(document)) {
    if (selection.kind === Kind.FIELD && hasCursor(selection, variables)) return true
  }
  return false
}

function hasCursor(field: FieldNode, variables: Readonly<Record<string, unknown>>): boolean {
  const after = field.arguments?.find(({ name }) => name.value === 'after')?.value
  if (after === undefined || after.kind === Kind.NULL) return false
  return after.kind !== Kind.VARIABLE || (variables[after.name.value] ?? null) !== null
}
