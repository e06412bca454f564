// What a scalar or an enum may be in a response; a scalar of our own may be anything.
import { type GraphQLLeafType, isEnumType } from 'graphql'

export type Accepts = (value: unknown) => boolean

const isString: Accepts = (value) => typeof value === 'string'
const isInteger: Accepts = (value) => Number.isInteger(value) && Math.abs(value as number) < 1e21

const builtIn: ReadonlyMap<string, Accepts> = new Map([
  ['Boolean', (value: unknown) => typeof value === 'boolean'],
  ['Int', isInteger],
  ['Float', (value: unknown) => Number.isFinite(value)],
  ['String', isString],
  ['ID', (value: unknown) => isString(value) || isInteger(value)],
])

export function acceptsOf(type: GraphQLLeafType): Accepts {
  if (!isEnumType(type)) return builtIn.get(type.name) ?? (() => true)
  const names = new Set(type.getValues().map(({ name }) => name))
  return (value) => names.has(value as string)
}
