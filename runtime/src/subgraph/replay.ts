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
const variableOf = (name: string) => ({ kind: Kind.VARIABLE, name: named(name) }) as const
const definitionOf = (name: string): VariableDefinitionNode => ({
  kind: Kind.VARIABLE_DEFINITION,
  variable: variableOf(name),
  type: { kind: Kind.NAMED_TYPE, name: named('String') },
})

/** The variable and the alias that are put in have names that stand nowhere in the operation. */
export function replayOf(query: string, variables: Variables): Replay {
  const document = parse(query, { noLocation: true })
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  const [root, ...others] = operation?.selectionSet.selections ?? []
  // Not one field with an event in it: whatever it is, the subgraph will say what is wrong with it.
  if (!operation || root?.kind !== Kind.FIELD || !root.selectionSet || others.length > 0)
    return asItIs(query, variables)

  const given = root.arguments?.find(({ name }) => name.value === 'after')?.value
  const own = given?.kind === Kind.VARIABLE ? given.name.value : undefined
  const after = own ?? unusedName('resumeAfter', query)
  const alias = unusedName('resumeCursor', query)
  const asked = given && valueFromASTUntyped(given, variables)
  const beginning = typeof asked === 'string' ? asked : undefined
  const resumable = {
    ...operation,
    variableDefinitions: [...(operation.variableDefinitions ?? []), ...(own ? [] : [definitionOf(after)])],
    selectionSet: { ...operation.selectionSet, selections: [withCursor(withAfter(root, after), alias)] },
  }
  const definitions = document.definitions.map((one) => (one === operation ? resumable : one))
  const key = root.alias?.value ?? root.name.value
  return {
    query: print({ ...document, definitions }),
    beginning,
    variablesAfter: (cursor) => ({ ...variables, [after]: cursor ?? beginning ?? null }),
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

/** The name, lengthened until the text does not have it. */
const unusedName = (name: string, text: string): string => (text.includes(name) ? unusedName(`${name}_`, text) : name)

const withAfter = (root: FieldNode, variable: string): FieldNode => {
  const argument: ArgumentNode = { kind: Kind.ARGUMENT, name: named('after'), value: variableOf(variable) }
  return { ...root, arguments: [...(root.arguments ?? []).filter(({ name }) => name.value !== 'after'), argument] }
}

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
