// Refuses variables that are nested so deeply that walking them would exhaust the stack.
import type { GraphQLError } from 'graphql'
import { tooLarge } from './size.ts'

const deepest = 50

/** Walks level by level and without recursion, for the value is what it guards against. */
export function overlyDeep(variables: Readonly<Record<string, unknown>>): GraphQLError | undefined {
  let level: unknown[] = Object.values(variables)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) {
      return tooLarge('BAD_USER_INPUT', 'The variables are nested in too many levels', deepest)
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return undefined
}
