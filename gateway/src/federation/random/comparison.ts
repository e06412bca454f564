// When two outcomes are the same, and when one holds everything that another does.
import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from '../harness.ts'

export const isSame = (apollo: Outcome, ours: Outcome): boolean =>
  isDeepStrictEqual(apollo.data, ours.data) &&
  (isVague(apollo)
    ? isDeepStrictEqual(placeless(apollo), placeless(ours))
    : isDeepStrictEqual(apollo.errors, ours.errors))

/** An error about no entity in particular is told by Apollo's executor at `@` or `_entities`: no place in an answer. */
const isVague = ({ errors }: Outcome) => errors.some((error) => /@|\b_entities\b/.test(error))

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
