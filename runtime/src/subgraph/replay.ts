// How a subscription that lost its connection asks for what it missed: the last cursor becomes its `after`.
import { type ExecutionResult, type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql'

export type Replay = {
  /** The cursor that an event carries, when the operation selects it. */
  cursorOf(result: ExecutionResult): string | undefined
  /** The operation's variables, with `after` set when the operation has a variable for it. */
  variablesAfter(variables: Readonly<Record<string, unknown>>, cursor: string | undefined): Record<string, unknown>
}

/** Reads from the operation where its events carry their cursor and which variable its root field takes as `after`. */
export function replayOf(query: string): Replay {
  const document = parse(query, { noLocation: true })
  const fieldsOf = (set: SelectionSetNode | undefined): FieldNode[] =>
    (set?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection]
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet)
      const spread = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
      )
      return spread?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(spread.selectionSet) : []
    })

  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  const [root] = fieldsOf(operation?.selectionSet)
  const after = root?.arguments?.find((argument) => argument.name.value === 'after')?.value
  const cursor = fieldsOf(root?.selectionSet).find((field) => field.name.value === 'cursor')
  const keyOf = (field: FieldNode) => field.alias?.value ?? field.name.value

  return {
    cursorOf: (result) => {
      if (!root || !cursor) return undefined
      const payload = result.data?.[keyOf(root)] as Record<string, unknown> | null | undefined
      const value = payload?.[keyOf(cursor)]
      return typeof value === 'string' ? value : undefined
    },
    variablesAfter: (variables, last) =>
      last !== undefined && after?.kind === Kind.VARIABLE
        ? { ...variables, [after.name.value]: last }
        : { ...variables },
  }
}
