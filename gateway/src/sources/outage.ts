// Tells an outage where a client looks for it: at each field that the subgraph would have answered.
import { unavailable } from '@switchyard/runtime/errors'
import { type FieldNode, GraphQLError, Kind, parse, type SelectionNode } from 'graphql'

/** Beyond these a client learns nothing from one more path. */
const mostErrors = 100

/** An error for each field of a fetch, and of each entity; its path is the fetch's, which the plan executor translates. */
export function outage(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  why: GraphQLError = unavailable(),
): GraphQLError[] {
  const root = selectionsOf(query)
  const entities = root.find(({ name }) => name.value === '_entities')
  const paths = entities ? entityPaths(entities, variables.representations) : root.map((field) => [nameOf(field)])
  const { message, extensions } = why
  const errors = paths.slice(0, mostErrors).map((path) => new GraphQLError(message, { path, extensions }))
  return errors.length > 0 ? errors : [why]
}

function entityPaths({ selectionSet }: FieldNode, representations: unknown): (string | number)[][] {
  if (!Array.isArray(representations)) return []
  return representations.flatMap((representation: { __typename?: string }, index) =>
    fieldsOf(selectionSet?.selections ?? [], representation.__typename).map((field) => [
      '_entities',
      index,
      nameOf(field),
    ]),
  )
}

/** The fields that are selected of a type; of all types when none is named. */
function fieldsOf(selections: readonly SelectionNode[], type?: string): FieldNode[] {
  const fields = selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection]
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    const { typeCondition, selectionSet } = selection
    const isOther = type !== undefined && typeCondition !== undefined && typeCondition.name.value !== type
    return isOther ? [] : fieldsOf(selectionSet.selections)
  })
  return fields.filter(({ name }) => name.value !== '__typename')
}

function selectionsOf(query: string): FieldNode[] {
  const [operation] = parse(query).definitions
  return operation?.kind === Kind.OPERATION_DEFINITION ? fieldsOf(operation.selectionSet.selections) : []
}

const nameOf = ({ alias, name }: FieldNode) => (alias ?? name).value
