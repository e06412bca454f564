// The fields that are selected of an object, by response name: fragments opened, what is left out left out.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { type IsMet, isLeftOut } from './conditions.ts'

/** What belongs to an operation beside its selections. */
export type Scope = {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly isMet: IsMet
  /** The name under which subgraphs answer a field. */
  readonly keyOf: (field: FieldNode) => string
}

/** A selection set, and the type that its fields are fields of. */
export type Part = { readonly set: SelectionSetNode; readonly on: GraphQLCompositeType }

/** A field as it is selected at one place; others of its response name may stand elsewhere. */
export type Selected = { readonly node: FieldNode; readonly on: GraphQLCompositeType }

/** `actual` is the object's type, or undefined when all that is known is what the parts say. */
export function collected(
  scope: Scope,
  parts: readonly Part[],
  actual: GraphQLCompositeType | undefined,
): ReadonlyMap<string, readonly Selected[]> {
  const fields = new Map<string, Selected[]>()
  const collect = ({ set, on }: Part): void => {
    for (const selection of set.selections) {
      if (isLeftOut(selection, scope.isMet)) continue
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value
        const sameName = fields.get(name)
        if (sameName) sameName.push({ node: selection, on })
        else fields.set(name, [{ node: selection, on }])
        continue
      }
      const part = opened(scope, selection, on)
      if (part && isOf(scope.schema, actual ?? on, part.on)) collect(part)
    }
  }
  parts.forEach(collect)
  return fields
}

function opened(
  { schema, fragments }: Scope,
  selection: Exclude<SelectionNode, FieldNode>,
  on: GraphQLCompositeType,
): Part | undefined {
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
  if (!fragment) return undefined
  const type = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : on
  return isCompositeType(type) ? { set: fragment.selectionSet, on: type } : undefined
}

function isOf(schema: GraphQLSchema, type: GraphQLCompositeType, condition: GraphQLCompositeType): boolean {
  if (type === condition) return true
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type)
}
