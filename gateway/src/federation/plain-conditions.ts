// An operation without fragments' names, and without type conditions that hold anyway where they stand.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * For Apollo's executor, which takes an object for any member of a condition that has widened its type, and then finds
 * none of the narrower ones inside.
 */
export function withPlainConditions(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const fragments = document.definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  )
  const here = new TypeInfo(schema)

  function plain({ typeCondition, ...fragment }: InlineFragmentNode): InlineFragmentNode {
    const parent = here.getParentType()
    const condition = typeCondition && schema.getType(typeCondition.name.value)
    const isObject = isObjectType(parent) || isInterfaceType(parent)
    const holds = condition === parent || (isObject && isAbstractType(condition) && schema.isSubType(condition, parent))
    return holds || !typeCondition ? fragment : { ...fragment, typeCondition }
  }

  const visitor = visitWithTypeInfo(here, {
    InlineFragment: plain,
    FragmentSpread({ name, directives = [] }) {
      const fragment = fragments.find((each) => each.name.value === name.value)
      if (!fragment) return undefined
      const { typeCondition, selectionSet } = fragment
      return plain({ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet })
    },
  })
  return visit({ kind: Kind.DOCUMENT, definitions: operations }, visitor)
}
