// How large a document is, in one walk: each fragment is measured once, however often and deeply it is spread.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

export type Measure = {
  depth: number
  aliases: number
  directives: number
  rootFields: number
  selections: number
  repeatedSpreads: number
  introspects: boolean
}

/** The measure of every operation of a document that has not been validated: fragments may be missing or circular. */
export function measures(document: DocumentNode): Measure[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return document.definitions
    .filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => measure(operation, fragments))
}

function measure(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): Measure {
  const measured = new Map<string, Measure>()

  function ofSelections(set: SelectionSetNode): Measure {
    const total = nothing()
    for (const selection of set.selections) add(total, ofSelection(selection))
    return total
  }

  function ofSelection(selection: SelectionNode): Measure {
    const own = { ...nothing(), directives: selection.directives?.length ?? 0, selections: 1 }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return add(own, ofFragment(selection.name.value))
    if (selection.kind === Kind.INLINE_FRAGMENT) return add(own, ofSelections(selection.selectionSet))

    const isIntrospection = selection.name.value === '__schema' || selection.name.value === '__type'
    // how deep it may go is judged by a rule of its own, and whether it may be asked at all by the viewer
    if (isIntrospection) return { ...own, rootFields: 1, introspects: true }
    const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : nothing()
    add(own, { ...inner, depth: 0, rootFields: 0 })
    own.depth = inner.depth + 1
    own.rootFields = 1
    own.aliases += selection.alias ? 1 : 0
    return own
  }

  function ofFragment(name: string): Measure {
    const known = measured.get(name)
    if (known) return { ...known, repeatedSpreads: known.repeatedSpreads + 1 }
    // a fragment that is reached again while it is measured is a circle: validation names it
    measured.set(name, nothing())
    const fragment = fragments.get(name)
    const total = fragment ? ofSelections(fragment.selectionSet) : nothing()
    total.directives += fragment?.directives?.length ?? 0
    measured.set(name, total)
    return { ...total }
  }

  const total = ofSelections(operation.selectionSet)
  total.directives += operation.directives?.length ?? 0
  return total
}

const nothing = (): Measure => ({
  depth: 0,
  aliases: 0,
  directives: 0,
  rootFields: 0,
  selections: 0,
  repeatedSpreads: 0,
  introspects: false,
})

function add(total: Measure, more: Measure): Measure {
  total.depth = Math.max(total.depth, more.depth)
  total.aliases += more.aliases
  total.directives += more.directives
  total.rootFields += more.rootFields
  total.selections += more.selections
  total.repeatedSpreads += more.repeatedSpreads
  total.introspects ||= more.introspects
  return total
}
