// The representations that `_entities` is given: each that names no entity and no id is refused by itself.
import { type GraphQLError, type GraphQLSchema, isUnionType } from 'graphql'
import { invalidInput } from '../errors.ts'

/** The schema, whose resolvers of references are handed nothing but an entity's type and an id. */
export function withCheckedRepresentations(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()._entities
  const entity = schema.getType('_Entity')
  const resolve = field?.resolve
  if (!resolve || !isUnionType(entity)) return schema
  const entities = new Set(entity.getTypes().map(({ name }) => name))
  field.resolve = async (parent, args, ctx, info) => {
    const representations: readonly unknown[] = args.representations
    const refusals = representations.map((each, index) => refusalOf(each, entities, `representations.${index}`))
    const accepted = representations.filter((_, index) => !refusals[index])
    const found = (await resolve(parent, { ...args, representations: accepted }, ctx, info)) as unknown[]
    return refusals.map((refusal) => refusal ?? found.shift())
  }
  return schema
}

function refusalOf(representation: unknown, entities: ReadonlySet<string>, path: string): GraphQLError | undefined {
  if (typeof representation !== 'object' || representation === null) return invalidInput(path, 'This is no object.')
  const { __typename: type, id } = representation as Readonly<Record<string, unknown>>
  if (typeof type !== 'string' || !entities.has(type)) return invalidInput(path, 'This is no entity of the subgraph.')
  if (typeof id !== 'string' && typeof id !== 'number') return invalidInput(path, 'An entity is named by its id.')
  return undefined
}
