// Which types an object may say it is of, to count as one of a type: itself, its implementations, its members; and which
// it can be of and no other.
import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql'

export function typesWithin(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const type = schema.getType(name)
  if (!isAbstractType(type)) return new Set([name])
  const { objects, interfaces } = isInterfaceType(type)
    ? schema.getImplementations(type)
    : { objects: schema.getPossibleTypes(type), interfaces: [] }
  return new Set([name, ...objects.map((each) => each.name), ...interfaces.map((each) => each.name)])
}

const kinds = new WeakMap<GraphQLSchema, ReadonlySet<string>>()

/** The names of all object types. */
export function objectTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const known = kinds.get(schema)
  if (known) return known
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType)
  const names = new Set(objects.map(({ name }) => name))
  kinds.set(schema, names)
  return names
}
