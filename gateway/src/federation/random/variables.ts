// The variables of a random operation: declared as they are first used, given a value, left to a default, or left out.
import { type GraphQLInputType, isNonNullType } from 'graphql'
import type { Choices } from './choices.ts'
import { randomValue, type Substitute, type Value } from './values.ts'

const none: Substitute = () => undefined

export type Variables = ReturnType<typeof randomVariables>

export function randomVariables(choices: Choices) {
  const declared: string[] = []
  const values: Record<string, unknown> = {}
  const conditions: string[] = []

  /** A variable of the type; whatever is not due may be left out. */
  function declare(type: GraphQLInputType): string {
    const name = `v${declared.length}`
    const fallback = choices.chance(25) ? literal(type).text : undefined
    declared.push(`$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`)
    const mayBeLeftOut = fallback !== undefined || !isNonNullType(type)
    if (!mayBeLeftOut || !choices.chance(40)) values[name] = literal(type).json
    return `$${name}`
  }

  const literal = (type: GraphQLInputType): Value => randomValue(choices, type, none)

  function condition(): string {
    const known = conditions[choices.below(conditions.length + 1)]
    if (known) return known
    const name = `is${conditions.length}`
    const fallback = choices.chance(30)
    declared.push(`$${name}: Boolean!${fallback ? ` = ${choices.chance(50)}` : ''}`)
    if (!fallback || choices.chance(50)) values[name] = choices.chance(50)
    conditions.push(`$${name}`)
    return `$${name}`
  }

  return {
    values,
    /** What is written behind the operation's name. */
    header: () => (declared.length > 0 ? `(${declared.join(', ')})` : ''),
    argument: (type: GraphQLInputType) =>
      randomValue(choices, type, (each) => (choices.chance(30) ? declare(each) : undefined)).text,
    /** Nothing, `@skip`, `@include` or both, by variables or written out. */
    directives(): string {
      if (!choices.chance(18)) return ''
      const one = () => (choices.chance(80) ? condition() : String(choices.chance(50)))
      return choices.of([
        () => ` @include(if: ${one()})`,
        () => ` @skip(if: ${one()})`,
        () => ` @skip(if: ${one()}) @include(if: ${one()})`,
      ])()
    },
  }
}
