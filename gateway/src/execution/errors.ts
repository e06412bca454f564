// What a subgraph says went wrong, as an error of the whole answer: at the places where its answer would have stood.
import { GraphQLError } from 'graphql'
import type { Names } from './names.ts'
import type { ResponsePath } from './path.ts'
import { isTree } from './tree.ts'

/** Where a path of a subgraph's answer lies in the whole answer; at several places for an entity that occurs there. */
export type Placing = (path: ResponsePath) => readonly ResponsePath[]

/** As many objects as an operation may ask for; nobody reads on after so many. */
const mostErrors = 10_000

export function placed(errors: unknown, serviceName: string, placing: Placing): GraphQLError[] {
  const all: GraphQLError[] = []
  if (!Array.isArray(errors)) return all
  for (const error of errors as unknown[]) {
    const { message, path, extensions } = isTree(error) ? error : {}
    const places = isPath(path) ? placing(path) : []
    // one that concerns no place, or none that is known, is still an error
    for (const place of places.length > 0 ? places : [undefined]) {
      if (all.length === mostErrors) return all
      all.push(failureOf({ message, extensions, cause: error, serviceName, place }))
    }
  }
  return all
}

type Told = {
  readonly message: unknown
  readonly extensions: unknown
  readonly cause: unknown
  readonly serviceName: string
  readonly place: ResponsePath | undefined
}

function failureOf({ message, extensions, cause, serviceName, place }: Told): GraphQLError {
  const told = isTree(extensions) ? extensions : {}
  return new GraphQLError(typeof message === 'string' && message !== '' ? message : 'A subgraph could not answer.', {
    ...(place && { path: place }),
    ...(cause instanceof Error && { originalError: cause }),
    extensions: { ...told, serviceName, code: told.code || 'DOWNSTREAM_SERVICE_ERROR' },
  })
}

function isPath(path: unknown): path is ResponsePath {
  return Array.isArray(path) && path.every((each) => typeof each === 'string' || typeof each === 'number')
}

/** Something thrown, as an error of the answer; it has no place there. */
export const thrown = (error: unknown): GraphQLError =>
  error instanceof GraphQLError
    ? error
    : new GraphQLError(error instanceof Error ? error.message : String(error), {
        originalError: error instanceof Error ? error : new Error(String(error)),
      })

/** The error at the place that the client knows it by. */
export function withResponsePath(error: GraphQLError, { responseName, document, planned }: Names): GraphQLError {
  if (planned === document || !error.path) return error
  const path = error.path.map((step) => (typeof step === 'string' ? responseName(step) : step))
  const { message, originalError, extensions } = error
  return new GraphQLError(message, { path, extensions, ...(originalError && { originalError }) })
}
