// An operation of a document, with the shapes of its response: one for each way in which its conditions can be met.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Scope } from './collect.ts'
import { conditionalVariables, type IsMet } from './conditions.ts'
import type { Names } from './names.ts'
import { type Shape, shapeOf } from './shape.ts'

export type PreparedOperation = {
  readonly node: OperationDefinitionNode
  readonly response: (isMet: IsMet) => Shape
}

type Known = { readonly schema: GraphQLSchema; readonly operations: Map<string | undefined, PreparedOperation> }

const known = new WeakMap<DocumentNode, Known>()

/** Of a few conditions all combinations are kept; of many only as many as are in use. */
const mostShapes = 32

export function preparedOperation(
  schema: GraphQLSchema,
  names: Names,
  operationName: string | undefined,
): PreparedOperation {
  const { document } = names
  let entry = known.get(document)
  if (entry?.schema !== schema) {
    entry = { schema, operations: new Map() }
    known.set(document, entry)
  }
  const operation = entry.operations.get(operationName) ?? prepared(schema, names, operationName)
  entry.operations.set(operationName, operation)
  return operation
}

function prepared(schema: GraphQLSchema, names: Names, operationName: string | undefined): PreparedOperation {
  const { document, keyOf } = names
  const node = getOperationAST(document, operationName)
  const root = node && schema.getRootType(node.operation)
  if (!root) throw new Error('The document has no such operation.')
  const { selectionSet } = node
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  )
  const variables = variablesAskedBy(selectionSet, fragments)
  const shapes = new Map<string, Shape>()

  const response = (isMet: IsMet): Shape => {
    const met = variables.filter(isMet)
    const key = met.join()
    const shape = shapes.get(key)
    if (shape) return shape
    if (shapes.size >= mostShapes) shapes.clear()
    const scope: Scope = { schema, fragments, keyOf, isMet: (variable) => met.includes(variable) }
    const fresh = shapeOf(scope, root, [{ set: selectionSet, on: root }])
    shapes.set(key, fresh)
    return fresh
  }
  return { node, response }
}

/** The variables of all @skip and @include that the operation can reach. */
function variablesAskedBy(
  root: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const variables = new Set<string>()
  const visited = new Set<SelectionSetNode>()
  const visit = (set: SelectionSetNode | undefined): void => {
    if (!set || visited.has(set)) return
    visited.add(set)
    for (const selection of set.selections) {
      for (const variable of conditionalVariables(selection)) variables.add(variable)
      visit(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)?.selectionSet
          : selection.selectionSet,
      )
    }
  }
  visit(root)
  return [...variables]
}
