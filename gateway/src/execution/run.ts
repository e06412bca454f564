// One run of a plan: what it may use, and what has come of it so far.
import type { GraphQLError } from 'graphql'
import type { RequestContext } from '../request.ts'
import type { Sources } from '../sources/source.ts'
import type { Path } from './path.ts'
import type { Tree } from './tree.ts'

export type Run = {
  readonly sources: Sources
  readonly variables: Readonly<Record<string, unknown>>
  readonly context: RequestContext
  /** Whether a condition of the operation is met, by its variable. */
  readonly isMet: (variable: string) => boolean
  readonly data: Tree
  readonly errors: GraphQLError[]
}

/** Where a step's answers belong: objects of the answer, and the path from its root that led to them. */
export type Places = { readonly trees: readonly Tree[]; readonly path: Path }
