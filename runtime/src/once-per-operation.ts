// Fields of which one operation may have one: they check a secret or issue tokens, and repeating them is guessing.
// The SDL says which: `login(…): SignIn @tag(name: "once-per-operation")`, in a subgraph as in the supergraph.
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'

const tagName = 'once-per-operation'

/** The names of the mutations that the schema tags so. */
export function fieldsOncePerOperation(schema: GraphQLSchema): ReadonlySet<string> {
  const tagged = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(({ astNode }) =>
    astNode?.directives?.some(
      ({ name, arguments: given = [] }) =>
        name.value === 'tag' && given.some(({ value }) => value.kind === Kind.STRING && value.value === tagName),
    ),
  )
  return new Set(tagged.map(({ name }) => name))
}

/** The refusal of a document that has two of these fields in one operation, under whatever names and in whatever fragments. */
export function repeatedField(document: DocumentNode, fields: ReadonlySet<string>): GraphQLError | undefined {
  if (fields.size === 0) return undefined
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.MUTATION) continue
    const found = rootFields(operation, document).filter(({ name }) => fields.has(name.value))
    if (found.length > 1) return refusal(found)
  }
  return undefined
}

/** What stands at the root of an operation; each fragment is opened once, since spreading it again adds nothing. */
function rootFields(operation: OperationDefinitionNode, { definitions }: DocumentNode): FieldNode[] {
  const opened = new Set<string>()
  const found: FieldNode[] = []
  const waiting: SelectionSetNode[] = [operation.selectionSet]
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) found.push(selection)
      else if (selection.kind === Kind.INLINE_FRAGMENT) waiting.push(selection.selectionSet)
      else if (!opened.has(selection.name.value)) {
        opened.add(selection.name.value)
        for (const each of definitions) {
          if (each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value)
            waiting.push(each.selectionSet)
        }
      }
    }
  }
  return found
}

function refusal(found: readonly FieldNode[]): GraphQLError {
  const names = [...new Set(found.map(({ name }) => name.value))]
  const message = `An operation may have one field of this kind: ${names.join(', ')}.`
  const fields = found.map(({ alias, name }) => ({ path: (alias ?? name).value, message }))
  return new GraphQLError(message, {
    nodes: found,
    extensions: { code: 'BAD_USER_INPUT', data: { fields }, http: { status: 400 } },
  })
}
