// A random valid operation over a schema: fields, aliases, arguments, fragments of both kinds, and conditions on all of it.
import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { type Choices, hashOf } from './choices.ts'
import { randomVariables } from './variables.ts'

export type RandomOperation = {
  readonly source: string
  /** The same operation, in which no alias is the name of another field. */
  readonly plainSource: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Begins an alias that is the name of another field, but for this. */
const mark = 'swap_'

export const withoutMarks = (text: string): string => text.replaceAll(mark, '')

type Fragment = {
  readonly name: string
  readonly on: GraphQLCompositeType
  readonly depth: number
  readonly text: string
}

const aboutSchema = ['__type(name: "Query") { kind name }', '__schema { queryType { name } }']

export function randomOperation(schema: GraphQLSchema, choices: Choices, depth: number): RandomOperation {
  const variables = randomVariables(choices)
  const fragments: Fragment[] = []
  const composites = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLCompositeType => isCompositeType(type) && !type.name.startsWith('__'),
  )
  const { nameFor, typename } = naming(composites, choices)

  function selectionSet(type: GraphQLCompositeType, left: number): string {
    const count = 1 + choices.below(5)
    return `{ ${Array.from({ length: count }, () => selection(type, left)).join(' ')} }`
  }

  function selection(type: GraphQLCompositeType, left: number): string {
    const kind = choices.below(20)
    if (kind === 17) return `${typename(choices.chance(30))}${variables.directives()}`
    if (kind >= 18) return `...${spread(type, left).name}${variables.directives()}`
    if (kind >= 14 || !hasFields(type)) return inlineFragment(type, left)
    return field(type, left)
  }

  function field(type: GraphQLCompositeType, left: number): string {
    const all = hasFields(type) ? Object.values(type.getFields()) : []
    const fitting = all.filter((each) => left > 0 || !isCompositeType(getNamedType(each.type)))
    const links = fitting.filter((each) => isCompositeType(getNamedType(each.type)))
    const offered = links.length > 0 && choices.chance(45) ? links : fitting
    const chosen = offered[choices.below(offered.length)]
    if (!chosen) return typename(false)
    const given = chosen.args.filter((each) => isRequiredArgument(each) || choices.chance(35))
    const written = given.map(({ name, type: due }) => `${name}: ${variables.argument(due)}`).join(', ')
    const head = `${nameFor(chosen, written, choices.chance(15))}${written && `(${written})`}${variables.directives()}`
    const below = getNamedType(chosen.type)
    return isCompositeType(below) ? `${head} ${selectionSet(below, left - 1)}` : head
  }

  function inlineFragment(type: GraphQLCompositeType, left: number): string {
    if (left === 0) return typename(false)
    const isBare = hasFields(type) && choices.chance(20)
    const on = isBare ? type : overlapping(type)
    return `...${isBare ? '' : ` on ${on.name}`}${variables.directives()} ${selectionSet(on, left - 1)}`
  }

  /** One that is there already or a new one; it cannot come to spread itself, because it is not known until it is whole. */
  function spread(type: GraphQLCompositeType, left: number): Fragment {
    const known = fragments.filter((each) => each.depth <= left && doTypesOverlap(schema, each.on, type))
    const reused = known[choices.below(known.length + 1)]
    if (reused) return reused
    const on = overlapping(type)
    const text = selectionSet(on, Math.max(left - 1, 0))
    const fragment = { name: `F${fragments.length}`, on, depth: left, text }
    fragments.push(fragment)
    return fragment
  }

  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType {
    const others = composites.filter((each) => each !== type && doTypesOverlap(schema, type, each))
    return choices.of([type, ...others])
  }

  const mutation = schema.getMutationType()
  const isMutation = mutation && choices.chance(20)
  const root = isMutation ? mutation : schema.getQueryType()
  if (!root) throw new Error('A schema has a query type.')
  const introspection = isMutation || !choices.chance(5) ? '' : `${choices.of(['', ...aboutSchema])} `
  const body = selectionSet(root, depth).replace('{ ', `{ ${introspection}`)
  const definitions = fragments.map(({ name, on, text }) => `fragment ${name} on ${on.name} ${text}`)
  const plainSource = [`${isMutation ? 'mutation' : 'query'}${variables.header()} ${body}`, ...definitions].join('\n')
  return { source: withoutMarks(plainSource), plainSource, variables: variables.values }
}

const hasFields = (type: GraphQLCompositeType) => isObjectType(type) || isInterfaceType(type)

/** Gives two fields the same name in an answer only where they may be merged, so that every operation is valid. */
function naming(composites: readonly GraphQLCompositeType[], choices: Choices) {
  const typesOf = new Map<string, string[]>()
  for (const type of composites) {
    for (const { name, type: result } of hasFields(type) ? Object.values(type.getFields()) : []) {
      const types = typesOf.get(name) ?? []
      if (!types.includes(String(result))) types.push(String(result))
      typesOf.set(name, types)
    }
  }
  const swapped = swappedNames([...typesOf.keys()], choices)

  const nameFor = ({ name, type }: GraphQLField<unknown, unknown>, written: string, isRenamed: boolean): string => {
    const types = typesOf.get(name) ?? []
    const ofType = types.length > 1 ? `_t${types.indexOf(String(type))}` : ''
    const ofArguments = written === '' ? '' : `_${hashOf(written).toString(36)}`
    const plain = `${name}${isRenamed ? '_again' : ''}${ofType}${ofArguments}`
    const alias = swapped.get(plain) ?? plain
    return alias === name ? name : `${alias}: ${name}`
  }
  const typename = (isRenamed: boolean): string => {
    const alias = isRenamed ? 'typename' : (swapped.get('__typename') ?? '__typename')
    return alias === '__typename' ? alias : `${alias}: __typename`
  }
  return { nameFor, typename }
}

/** Some pairs of names that stand for one another throughout an operation: a field is called as a plan calls another. */
function swappedNames(names: readonly string[], choices: Choices): ReadonlyMap<string, string> {
  const swapped = new Map<string, string>()
  const offered = ['__typename', ...names] as const
  const pairs = choices.chance(40) ? 1 + choices.below(3) : 0
  for (let pair = 0; pair < pairs; pair++) {
    const one = choices.of(offered)
    const other = choices.chance(70) ? choices.of(['id', '__typename']) : choices.of(offered)
    if (one === other || swapped.has(one) || swapped.has(other)) continue
    swapped.set(one, `${mark}${other}`)
    swapped.set(other, `${mark}${one}`)
  }
  return swapped
}
