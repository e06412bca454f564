// Answers what an operation asks of the schema itself.
import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql'

type Asking = {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/** The value of one root field, wherever in the operation it is selected. */
export function introspected(
  { schema, document, operation, variables }: Asking,
  name: string,
  nodes: readonly FieldNode[],
) {
  const alone = { ...operation, selectionSet: { ...operation.selectionSet, selections: nodes } }
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  const { data, errors } = executeSync({
    schema,
    document: { ...document, definitions: [alone, ...fragments] },
    variableValues: variables,
  })
  if (errors?.[0]) throw errors[0]
  return data?.[name] ?? null
}
