// Which types an object may say it is of, to count as one of a type: itself, its implementations, its members.
import { type GraphQLSchema, isAbstractType, isInterfaceType } from 'graphql'

export function typesWithin(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const type = schema.getType(name)
  if (!isAbstractType(type)) return new Set([name])
  const { objects, interfaces } = isInterfaceType(type)
    ? schema.getImplementations(type)
    : { objects: schema.getPossibleTypes(type), interfaces: [] }
  return new Set([name, ...objects.map((each) => each.name), ...interfaces.map((each) => each.name)])
}
