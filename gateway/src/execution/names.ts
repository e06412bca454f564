// Names in a client's document that a plan needs for itself. They are replaced before planning; the response has them back.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  visit,
} from 'graphql'

export type Names = {
  /** The client's document. */
  readonly document: DocumentNode
  /** The document that is planned in its place. */
  readonly planned: DocumentNode
  /** The name under which subgraphs answer a field of the client's document. */
  readonly keyOf: (field: FieldNode) => string
  /** The client's response name for such a name. */
  readonly responseName: (key: string) => string
  /** The client's variable for one of the plan. */
  readonly variableName: (name: string) => string
  /** The client's variables under the names of the plan, too. */
  readonly variables: (given: Variables) => Variables
}

type Variables = Readonly<Record<string, unknown>>
type Renamed = ReadonlyMap<string, string>

/** The planner declares it for each fetch of entities. */
const representations = 'representations'
/** The planner tells fields apart that clash in a subgraph. */
const planAlias = /__alias_\d+$/

const known = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Names>>()
const fieldNames = new WeakMap<GraphQLSchema, ReadonlySet<string>>()

/** `schema` is the supergraph's: a plan selects also fields that clients do not know. */
export function namesOf(schema: GraphQLSchema, document: DocumentNode): Names {
  const ofSchema = known.get(schema) ?? new WeakMap<DocumentNode, Names>()
  known.set(schema, ofSchema)
  const ready = ofSchema.get(document)
  if (ready) return ready
  const made = replaced(schema, document)
  ofSchema.set(document, made)
  return made
}

function replaced(schema: GraphQLSchema, document: DocumentNode): Names {
  const fields = fieldNames.get(schema) ?? fieldNamesOf(schema)
  fieldNames.set(schema, fields)
  const isTaken = (alias: string, field: string) => alias !== field && (fields.has(alias) || planAlias.test(alias))
  const [aliases, variables] = renamed(document, fields, isTaken)
  const responseNames = inverse(aliases)
  const variableNames = inverse(variables)

  return {
    document,
    planned: aliases.size + variables.size === 0 ? document : plannable(document, { aliases, variables, isTaken }),
    keyOf({ alias, name }) {
      if (!alias) return name.value
      return isTaken(alias.value, name.value) ? (aliases.get(alias.value) ?? alias.value) : alias.value
    },
    responseName: (key) => responseNames.get(key) ?? key,
    variableName: (name) => variableNames.get(name) ?? name,
    variables: (given) => (variables.size === 0 ? given : withRenamed(given, variables)),
  }
}

/** The names under which a plan may select fields: those of all fields, and `__typename`. */
function fieldNamesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
  )
  return new Set(['__typename', ...fields])
}

type IsTaken = (alias: string, field: string) => boolean

/** New names for aliases and variables that a plan may need: each is free of the document and of the schema's fields. */
function renamed(document: DocumentNode, fields: ReadonlySet<string>, isTaken: IsTaken): [Renamed, Renamed] {
  const used = new Set<string>()
  const aliases = new Set<string>()
  const variables = new Set<string>()
  visit(document, {
    Name: ({ value }) => void used.add(value),
    Field({ alias, name }) {
      if (alias && isTaken(alias.value, name.value)) aliases.add(alias.value)
    },
    VariableDefinition({ variable }) {
      if (variable.name.value === representations) variables.add(representations)
    },
  })
  const free = (name: string): string => {
    let candidate = `renamed_${name.replace(/^_+/, '').replace(planAlias, '')}`
    while (used.has(candidate) || fields.has(candidate)) candidate += '_'
    used.add(candidate)
    return candidate
  }
  const namesFor = (names: ReadonlySet<string>) => new Map(Array.from(names, (name) => [name, free(name)]))
  return [namesFor(aliases), namesFor(variables)]
}

type Replacement = { readonly aliases: Renamed; readonly variables: Renamed; readonly isTaken: IsTaken }

const plannable = (document: DocumentNode, { aliases, variables, isTaken }: Replacement): DocumentNode =>
  visit(document, {
    Field(field) {
      const { alias, name } = field
      const replacement = alias && isTaken(alias.value, name.value) && aliases.get(alias.value)
      return replacement ? { ...field, alias: { kind: Kind.NAME, value: replacement } } : undefined
    },
    Variable(variable) {
      const replacement = variables.get(variable.name.value)
      return replacement ? { ...variable, name: { kind: Kind.NAME, value: replacement } } : undefined
    },
  })

const inverse = (names: Renamed): Renamed => new Map(Array.from(names, ([name, replacement]) => [replacement, name]))

const withRenamed = (given: Variables, renamed: Renamed): Variables => ({
  ...given,
  ...Object.fromEntries(
    [...renamed].filter(([name]) => Object.hasOwn(given, name)).map(([name, other]) => [other, given[name]]),
  ),
})
