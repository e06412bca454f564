// When two outcomes are the same, and when one holds everything that another does.
import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from '../harness.ts'

export const isSame = (one: Outcome, other: Outcome): boolean =>
  isDeepStrictEqual(one.data, other.data) &&
  (isDeepStrictEqual(one.errors, other.errors) || isDeepStrictEqual(placeless(one), placeless(other)))

/**
 * The errors without the indexes in their paths. Where a fetch passes over entities, Apollo's executor counts places as if
 * it had not, and an error about no entity in particular it tells at `@._entities`.
 */
const placeless = ({ errors }: Outcome) =>
  [...new Set(errors.map((error) => error.replace(/\.(\d+|@|_entities)(?=[. ])/g, '')))].sort()

/** Whether every value of `part` that is not null is in `whole`. */
export function covers(whole: unknown, part: unknown): boolean {
  if (part === null || part === undefined) return true
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.every((item, index) => covers(whole[index], item))
  }
  if (typeof part !== 'object') return whole === part
  if (typeof whole !== 'object' || whole === null) return false
  return Object.entries(part).every(([name, value]) => covers((whole as Record<string, unknown>)[name], value))
}
