// Random values for arguments and variables, valid for their types, as JSON and as they are written in a document.
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql'
import type { Choices } from './choices.ts'

export type Value = { readonly json: unknown; readonly text: string }

/** May stand a variable in the place of a value. */
export type Substitute = (type: GraphQLInputType) => string | undefined

const scalars: Readonly<Record<string, readonly [unknown, ...unknown[]]>> = {
  Int: [1, 0, 2, 20],
  Float: [1.5, 2, 0],
  String: ['a', '', 'Ünï "quoted" \\ text', '__proto__'],
  Boolean: [true, false],
  ID: ['k1', 'k2', '7'],
  DateTime: ['2026-01-31T09:30:00Z', '2024-02-29T00:00:00.000Z'],
  Date: ['2026-01-31'],
  Day: ['2026-01-31'],
  EmailAddress: ['anna@example.com'],
  CurrencyCode: ['EUR', 'JPY'],
  BigInt: ['1250', 7, '-9223372036854775808'],
}

export function randomValue(choices: Choices, type: GraphQLInputType, substitute: Substitute, depth = 2): Value {
  const variable = substitute(type)
  if (variable) return { json: undefined, text: variable }
  if (isNonNullType(type)) return present(choices, type.ofType, substitute, depth)
  return choices.chance(10) ? { json: null, text: 'null' } : present(choices, type, substitute, depth)
}

function present(choices: Choices, type: GraphQLInputType, substitute: Substitute, depth: number): Value {
  if (isNonNullType(type)) return present(choices, type.ofType, substitute, depth)
  if (isListType(type)) {
    const count = depth > 0 ? choices.below(3) : 0
    const items = Array.from({ length: count }, () => randomValue(choices, type.ofType, substitute, depth - 1))
    return { json: items.map(({ json }) => json), text: `[${items.map(({ text }) => text).join(', ')}]` }
  }
  if (isEnumType(type)) {
    const name = type.getValues()[choices.below(type.getValues().length)]?.name ?? ''
    return { json: name, text: name }
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
      .filter((field) => isRequiredInputField(field) || (depth > 0 && choices.chance(30)))
      .map((field) => ({ name: field.name, value: randomValue(choices, field.type, substitute, depth - 1) }))
    return {
      json: Object.fromEntries(fields.map(({ name, value }) => [name, value.json])),
      text: `{ ${fields.map(({ name, value }) => `${name}: ${value.text}`).join(', ')} }`,
    }
  }
  const json = choices.of(scalars[type.name] ?? ['anything', 7, true])
  return { json, text: JSON.stringify(json) }
}
