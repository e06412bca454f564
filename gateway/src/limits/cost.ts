// How many objects an operation may make the subgraphs load, if every list it asks for is full.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** What a list holds when the client names no size: the default page, and a guess for lists that have no pages. */
const defaultPage = 20
/** A larger page is refused by the list itself, which can say what is wrong with it. */
const largestPage = 100
const unpagedList = 10

export type Priced = {
  readonly schema: GraphQLSchema
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

/** The number of objects, at most; fragments are priced once for each size of page they stand in. */
export function cost({ schema, operation, fragments, variables }: Priced): number {
  const priced = new Map<string, number>()

  /** `page` is the size of the connection that the selections stand in, which its `nodes` and `edges` have. */
  function ofSelections(set: SelectionSetNode, type: GraphQLCompositeType, page: number | undefined): number {
    let total = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) total += ofField(selection, type, page)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) total += ofFragment(selection.name.value, page)
      else total += ofSelections(selection.selectionSet, narrowed(selection.typeCondition?.name.value) ?? type, page)
    }
    return total
  }

  function ofFragment(name: string, page: number | undefined): number {
    const key = `${name} ${page}`
    const known = priced.get(key)
    if (known !== undefined) return known
    const fragment = fragments.get(name)
    const type = narrowed(fragment?.typeCondition.name.value)
    const total = fragment && type ? ofSelections(fragment.selectionSet, type, page) : 0
    priced.set(key, total)
    return total
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType, page: number | undefined): number {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
    const type = field && getNamedType(field.type)
    if (!field || !isCompositeType(type) || !node.selectionSet) return 0
    const ownPage = pageOf(field, node, variables)
    const isList = isListType(getNullableType(field.type))
    const isPageOfParent = page !== undefined && (node.name.value === 'nodes' || node.name.value === 'edges')
    const times = isList ? (ownPage ?? (isPageOfParent ? page : unpagedList)) : 1
    return times * (1 + ofSelections(node.selectionSet, type, isList ? undefined : ownPage))
  }

  const narrowed = (name: string | undefined): GraphQLCompositeType | undefined => {
    const type = name === undefined ? undefined : schema.getType(name)
    return isCompositeType(type) ? type : undefined
  }

  const root = schema.getRootType(operation.operation)
  return root ? ofSelections(operation.selectionSet, root, undefined) : 0
}

/** The `first` or `last` that a field is asked with; undefined where it has no pages. */
function pageOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): number | undefined {
  const sizes = field.args.filter(({ name }) => name === 'first' || name === 'last')
  if (sizes.length === 0) return undefined
  const asked = (node.arguments ?? [])
    .filter(({ name }) => name.value === 'first' || name.value === 'last')
    .map(({ value }) => {
      if (value.kind === Kind.INT) return Number(value.value)
      return value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined
    })
    .filter((size) => typeof size === 'number')
  const usual = sizes.map(({ defaultValue }) => defaultValue).find((size) => typeof size === 'number')
  return asked.length > 0 ? Math.min(largestPage, Math.max(1, ...asked)) : (usual ?? defaultPage)
}
