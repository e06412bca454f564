// Apollo's executor counts the places of errors as if a fetch had asked about every entity on its way; these are the true ones.
import type { ExecutionResult } from 'graphql'

type Tree = { readonly [key: string]: unknown }
type Path = readonly (string | number)[]

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * For one run. It is shown every answer before the executor merges it, and merging goes on in the objects that came first,
 * so that the executor's own data can be looked at from here.
 */
export function truePlaces() {
  const data: Record<string, unknown> = {}

  return {
    /** Fields of the root have been fetched. */
    arrived(fields: ExecutionResult['data']): void {
      for (const [key, value] of Object.entries(fields ?? {})) {
        const known = data[key]
        const isMerged = known && (isTree(value) || (Array.isArray(value) && hasLengthOf(known, value)))
        if (!isMerged) data[key] = value
      }
    },
    /** Which of the entities at a path each representation is of; to be asked before there is an answer. */
    entitiesOf(path: Path, representations: readonly unknown[]): number[] {
      const entities = reached(data, path).filter((entity) => entity !== null && entity !== undefined)
      let next = 0
      return representations.map((representation) => {
        const found = entities.findIndex((entity, index) => index >= next && isPartOf(representation, entity))
        next = found + 1
        return found
      })
    },
  }
}

const hasLengthOf = (one: unknown, other: readonly unknown[]) => Array.isArray(one) && one.length === other.length

function reached(value: unknown, [step, ...rest]: Path): unknown[] {
  if (step === undefined) return Array.isArray(value) ? value : [value]
  if (step === '@') return Array.isArray(value) ? value.flatMap((item) => reached(item, rest)) : []
  return isTree(value) ? reached(value[String(step)], rest) : []
}

/** A representation says less of an entity than is known, and null of what is not whole; its type may be told by an interface. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (part === null) return true
  if (Array.isArray(part)) return Array.isArray(whole) && part.every((item, index) => isPartOf(item, whole[index]))
  if (!isTree(part)) return part === whole
  return (
    isTree(whole) && Object.entries(part).every(([key, value]) => key === '__typename' || isPartOf(value, whole[key]))
  )
}
