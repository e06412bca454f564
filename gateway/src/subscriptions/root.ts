// The root of a subscription: the one field it follows, wherever fragments have put it.
import { type DocumentNode, type FieldNode, GraphQLError, Kind, type SelectionNode, visit } from 'graphql'

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

/** The field that a subscription follows. */
export function rootField(document: DocumentNode): FieldNode | undefined {
  for (const selection of rootSelections(document)) if (selection.kind === Kind.FIELD) return selection
  return undefined
}

type Variables = Readonly<Record<string, unknown>>

/** The cursor after which a subscription begins, where it names one, and its variables without that. */
export function beginningOf(document: DocumentNode, variables: Variables): { after?: string; others: Variables } {
  const given = rootField(document)?.arguments?.find(({ name }) => name.value === 'after')?.value
  if (given?.kind === Kind.STRING) return { after: given.value, others: variables }
  if (given?.kind !== Kind.VARIABLE) return { others: variables }
  const name = given.name.value
  const { [name]: value = defaultOf(document, name), ...rest } = variables
  // what the variable says elsewhere, too, is part of the question
  const others = timesUsed(document, name) === 1 ? rest : variables
  return typeof value === 'string' ? { after: value, others } : { others }
}

function defaultOf({ definitions }: DocumentNode, name: string): string | undefined {
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const value = definition.variableDefinitions?.find((each) => each.variable.name.value === name)?.defaultValue
    if (value?.kind === Kind.STRING) return value.value
  }
  return undefined
}

function timesUsed(document: DocumentNode, name: string): number {
  let times = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable: (variable) => {
      if (variable.name.value === name) times++
    },
  })
  return times
}
