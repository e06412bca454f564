// Whether what a subgraph answered is a GraphQL result at all, before the plan executor builds on it.
import type { ExecutionResult } from 'graphql'

export function isSound(result: unknown, variables: Readonly<Record<string, unknown>>): result is ExecutionResult {
  if (!isRecord(result)) return false
  const { data, errors } = result
  if (errors !== undefined && !(Array.isArray(errors) && errors.length > 0 && errors.every(isError))) return false
  if (data === undefined || data === null) return errors !== undefined
  return isRecord(data) && hasAllEntities(data, variables.representations, errors !== undefined)
}

/** Entities are matched to what was asked for by their position, so each must have one, or none when an error says why. */
function hasAllEntities({ _entities }: Record<string, unknown>, asked: unknown, hasErrors: boolean): boolean {
  if (!Array.isArray(asked)) return true
  if (_entities === undefined || _entities === null) return hasErrors
  return Array.isArray(_entities) && _entities.length === asked.length
}

const isError = (error: unknown) => isRecord(error) && typeof error.message === 'string'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
