// A subgraph made of nothing but its SDL: whatever is asked has an answer that follows from a seed and the question.
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'
import type { Resolvers } from '../suite.ts'
import { befalls, hashOf } from './choices.ts'
import { keysOf, requirementOf } from './field-sets.ts'

/** What tells one made-up object from another; its fields follow from it. */
const identity = Symbol('identity')

type Made = { readonly __typename?: string; readonly [identity]?: string; readonly [field: string]: unknown }
type Asked = { readonly seed: number; readonly hasErrors: boolean }

export type Mock = (query: string, variables: Record<string, unknown>, asked: Asked) => Promise<ExecutionResult>

const codes = [{ code: 'NOT_FOUND' }, { code: 'FORBIDDEN' }, {}]

export function mockSubgraph(name: string, typeDefs: DocumentNode): Mock {
  const keys = keysOf(typeDefs)
  const schema: GraphQLSchema = buildSubgraphSchema([{ typeDefs, resolvers: references() as never }])

  function references(): Resolvers {
    const __resolveReference = async (key: Record<string, unknown>, { seed, hasErrors }: Asked) => {
      const about = JSON.stringify((keys.get(String(key.__typename)) ?? []).map((field) => key[field]))
      if (hasErrors && befalls(4, seed, name, 'refused', about)) throw refusal(seed, about)
      if (befalls(8, seed, name, 'gone', about)) return null
      const type = schema.getType(String(key.__typename))
      const known = isInterfaceType(type) ? { ...key, __typename: kindOf(type, seed, about) } : key
      return { ...known, [identity]: about }
    }
    return Object.fromEntries([...keys.keys()].map((type) => [type, { __resolveReference }]))
  }

  const fieldResolver: GraphQLFieldResolver<Made | undefined, Asked> = (parent, args, { seed, hasErrors }, info) => {
    const { fieldName, parentType, returnType } = info
    const known = parent?.[fieldName]
    if (known !== undefined) return identified(known)
    if (keys.get(parentType.name)?.includes(fieldName)) return keyed(returnType, parent?.[identity] ?? '')
    const required = requirementOf(parentType.getFields()[fieldName]?.astNode, parent)
    const about = [seed, name, parentType.name, parent?.[identity] ?? '', fieldName, args, required].map((each) =>
      typeof each === 'string' ? each : JSON.stringify(each),
    )
    if (hasErrors && befalls(3, 'refused', ...about)) throw refusal(seed, about)
    return made(returnType, seed, ...about)
  }

  function made(type: GraphQLOutputType, seed: number, ...about: unknown[]): unknown {
    if (isNonNullType(type)) return present(type.ofType, seed, ...about)
    return befalls(12, 'null', ...about) ? null : present(type, seed, ...about)
  }

  function present(type: GraphQLOutputType, seed: number, ...about: unknown[]): unknown {
    if (isNonNullType(type)) return present(type.ofType, seed, ...about)
    const hash = hashOf(...about)
    if (isListType(type)) {
      return Array.from({ length: hash % 4 }, (_, index) => made(type.ofType, seed, ...about, index))
    }
    if (isAbstractType(type)) return object(kindOf(type, hash, about), hash, about)
    if (isObjectType(type)) return object(type.name, hash, about)
    if (isEnumType(type)) return type.getValues()[hash % type.getValues().length]?.value
    return scalar(type.name, hash)
  }

  /** An entity is one of four, so that the same one appears in many places. */
  const object = (__typename: string, hash: number, about: unknown[]): Made => ({
    __typename,
    [identity]: keys.has(__typename) ? `${hash % 4}` : JSON.stringify(about),
  })

  function kindOf(type: Parameters<GraphQLSchema['getPossibleTypes']>[0], ...about: unknown[]): string {
    const kinds = schema.getPossibleTypes(type)
    return kinds[hashOf(about) % kinds.length]?.name ?? type.name
  }

  return async (query, variableValues, contextValue) =>
    execute({ schema, document: parse(query), variableValues, contextValue, fieldResolver })
}

/** A key's value follows from the entity alone, so that every subgraph knows the same one. */
function keyed(type: GraphQLOutputType, entity: string): unknown {
  const named = getNamedType(type)
  if (isObjectType(named)) return { __typename: named.name, [identity]: entity }
  return named.name === 'Int' ? hashOf(entity) % 4 : `k${hashOf(entity) % 4}`
}

function scalar(name: string, hash: number): unknown {
  if (name === 'Int') return (hash % 7) - 1
  if (name === 'Float') return (hash % 9) / 2
  if (name === 'Boolean') return hash % 2 === 0
  if (name === 'ID' || name === 'String') return ['', 'a', 'ö', '7', '__proto__'][hash % 5]
  return ['2026-01-31', 7, { of: ['any', null] }, [1, [2]], false][hash % 5]
}

/** What another subgraph has said of an entity, as if it were made here. */
function identified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(identified)
  if (typeof value !== 'object' || value === null || identity in value) return value
  return { ...value, [identity]: JSON.stringify(value) }
}

const refusal = (...about: unknown[]) =>
  new GraphQLError('Refused.', { extensions: { ...codes[hashOf(about) % codes.length] } })
