// How a subscription that lost its connection asks for what it missed. Each takes `after` and tells a `cursor` (the
// convention of the graph): where the operation leaves them out, they are put in, and taken out of what arrives.
import {
  type ArgumentNode,
  type ExecutionResult,
  type FieldNode,
  Kind,
  parse,
  print,
  type VariableDefinitionNode,
  valueFromASTUntyped,
} from 'graphql'

export type Replay = {
  /** The operation, able to go on after a cursor. */
  readonly query: string
  /** The cursor after which it wants to begin itself. */
  readonly beginning: string | undefined
  /** Its variables, to go on after `cursor`. */
  variablesAfter(cursor: string | undefined): Record<string, unknown>
  /** The cursor of an event; taken out of it. */
  takeCursor(result: ExecutionResult): string | undefined
}

type Variables = Readonly<Record<string, unknown>>

const named = (value: string) => ({ kind: Kind.NAME, value }) as const
const variable = { kind: Kind.VARIABLE, name: named('resumeAfter') } as const
const argument: ArgumentNode = { kind: Kind.ARGUMENT, name: named('after'), value: variable }
const definition: VariableDefinitionNode = {
  kind: Kind.VARIABLE_DEFINITION,
  variable,
  type: { kind: Kind.NAMED_TYPE, name: named('String') },
}

/** `alias` is the name under which its cursor is asked for: each of those who put one in needs a name of its own. */
export function replayOf(query: string, variables: Variables, alias = 'resumeCursor'): Replay {
  const document = parse(query, { noLocation: true })
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  const [root, ...others] = operation?.selectionSet.selections ?? []
  // Not one field with an event in it: whatever it is, the subgraph will say what is wrong with it.
  if (!operation || root?.kind !== Kind.FIELD || !root.selectionSet || others.length > 0)
    return asItIs(query, variables)

  const given = root.arguments?.find(({ name }) => name.value === 'after')?.value
  const own = given?.kind === Kind.VARIABLE ? given.name.value : undefined
  const asked = given && valueFromASTUntyped(given, variables)
  const beginning = typeof asked === 'string' ? asked : undefined
  const resumable = {
    ...operation,
    variableDefinitions: [...(operation.variableDefinitions ?? []), ...(own ? [] : [definition])],
    selectionSet: { ...operation.selectionSet, selections: [withCursor(own ? root : withAfter(root), alias)] },
  }
  const definitions = document.definitions.map((one) => (one === operation ? resumable : one))
  const key = root.alias?.value ?? root.name.value
  return {
    query: print({ ...document, definitions }),
    beginning,
    variablesAfter: (cursor) => ({ ...variables, [own ?? variable.name.value]: cursor ?? beginning ?? null }),
    takeCursor: ({ data }) => {
      const event = data?.[key] as Record<string, unknown> | null | undefined
      const cursor = event?.[alias]
      delete event?.[alias]
      return typeof cursor === 'string' ? cursor : undefined
    },
  }
}

const asItIs = (query: string, variables: Variables): Replay => ({
  query,
  beginning: undefined,
  variablesAfter: () => ({ ...variables }),
  takeCursor: () => undefined,
})

const withAfter = (root: FieldNode): FieldNode => ({
  ...root,
  arguments: [...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'), argument],
})

const withCursor = (root: FieldNode, alias: string): FieldNode => ({
  ...root,
  selectionSet: {
    kind: Kind.SELECTION_SET,
    selections: [
      ...(root.selectionSet?.selections ?? []),
      { kind: Kind.FIELD, alias: named(alias), name: named('cursor') },
    ],
  },
})
