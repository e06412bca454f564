// The shape of a response: which fields an object has to have, by the type it turns out to be of, and what they may be.
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { collected, type Part, type Scope, type Selected } from './collect.ts'
import { type Accepts, acceptsOf } from './leaf.ts'

/** The shape of an object that says it is of a type, or does not say; undefined for a type that clients do not know. */
export type Selection = (typename: string | undefined) => Shape | undefined

export type Shape = {
  /** The type of the object, where it is certain. */
  readonly typename: string | undefined
  readonly fields: readonly Field[]
}

/** `key` is the name of the field in what subgraphs answer, `name` that in the response. */
export type Field =
  | { readonly kind: 'value'; readonly name: string; readonly key: string; readonly value: Value }
  | { readonly kind: 'typename'; readonly name: string; readonly key: string }
  | { readonly kind: 'introspection'; readonly name: string; readonly nodes: readonly FieldNode[] }

/** `label` is the field's name for people: `Deal.title`. */
export type Value = { readonly isNonNull: boolean; readonly label: string } & (
  | { readonly kind: 'leaf'; readonly accepts: Accepts }
  | { readonly kind: 'list'; readonly element: Value }
  | { readonly kind: 'object'; readonly selection: Selection }
)

/** `actual` is the object's type; undefined where all that is known is what the parts say. */
export function shapeOf(scope: Scope, actual: GraphQLCompositeType | undefined, parts: readonly Part[]): Shape {
  const fields = Array.from(collected(scope, parts, actual), ([name, selected]) => fieldOf(scope, name, selected))
  return {
    typename: isObjectType(actual) ? actual.name : undefined,
    fields: fields.filter((field) => field !== undefined),
  }
}

/** Worked out for each type when the first object of it comes. */
function selectionOf(scope: Scope, type: GraphQLCompositeType, parts: readonly Part[]): Selection {
  const shapes = new Map<string | undefined, Shape>()
  let latest: { typename: string | undefined; shape: Shape } | undefined
  return (typename) => {
    // most often the next object is of the same type
    if (latest && latest.typename === typename) return latest.shape
    const known = shapes.get(typename)
    if (known) {
      latest = { typename, shape: known }
      return known
    }
    const said = typename === undefined ? type : scope.schema.getType(typename)
    if (!isCompositeType(said)) return undefined
    const actual = typename === undefined && !isObjectType(type) ? undefined : said
    const shape = shapeOf(scope, actual, parts)
    shapes.set(typename, shape)
    return shape
  }
}

/** The first of several selections of a field decides what it may be, as its type stands there. */
function fieldOf(scope: Scope, name: string, selected: readonly Selected[]): Field | undefined {
  const [first] = selected
  const field = first?.node.name.value
  if (!first || field === undefined) return undefined
  const key = scope.keyOf(first.node)
  if (field === '__typename') return { kind: 'typename', name, key }
  if (field === '__schema' || field === '__type') {
    return { kind: 'introspection', name, nodes: selected.map(({ node }) => node) }
  }
  const type = typeOf(first)
  if (!type) return undefined
  const parts = selected.flatMap((each): Part[] => {
    const on = getNamedType(typeOf(each))
    return each.node.selectionSet && isCompositeType(on) ? [{ set: each.node.selectionSet, on }] : []
  })
  return { kind: 'value', name, key, value: valueFor(scope, type, parts, `${first.on.name}.${field}`) }
}

function typeOf({ node, on }: Selected): GraphQLOutputType | undefined {
  return isUnionType(on) ? undefined : on.getFields()[node.name.value]?.type
}

function valueFor(scope: Scope, type: GraphQLOutputType, parts: readonly Part[], label: string): Value {
  const isNonNull = isNonNullType(type)
  const nullable = isNonNullType(type) ? type.ofType : type
  if (isListType(nullable)) {
    return { kind: 'list', isNonNull, label, element: valueFor(scope, nullable.ofType, parts, label) }
  }
  if (isCompositeType(nullable)) {
    return { kind: 'object', isNonNull, label, selection: selectionOf(scope, nullable, parts) }
  }
  return { kind: 'leaf', isNonNull, label, accepts: acceptsOf(nullable) }
}
