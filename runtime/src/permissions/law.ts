// The role law of a subgraph: one line a field, typed by the generated resolvers, enforced by graphql-shield.

import type { GraphQLSchema } from 'graphql'
import { GraphQLError } from 'graphql'
import { applyMiddleware, type IMiddlewareFieldMap } from 'graphql-middleware'
import { rule, shield } from 'graphql-shield'
import { codeOf, forbidden, unauthenticated } from '../errors.ts'
import { scopeOf, userIdOf, type Viewer } from '../viewer/viewer.ts'

/**
 * What a field asks of the viewer: nothing, to be signed in, a permission element in whatever scope, or either that
 * or to be the user whose field it is.
 */
export type Requirement =
  | { readonly kind: 'open' }
  | { readonly kind: 'signed in' }
  | { readonly kind: 'element' | 'element or self'; readonly element: string }

export const everyone: Requirement = { kind: 'open' }
export const signedIn: Requirement = { kind: 'signed in' }
export const can = (element: string): Requirement => ({ kind: 'element', element })
export const canOrSelf = (element: string): Requirement => ({ kind: 'element or self', element })

type Fields<T> = {
  readonly [Field in keyof NonNullable<T> as Field extends `__${string}` ? never : Field]-?: Requirement
}
type Root = 'Query' | 'Mutation' | 'Subscription'

/** Every root field has a line; fields of other types may. */
export type LawOf<Resolvers> = {
  readonly [Type in Extract<keyof Resolvers, Root>]-?: Fields<Resolvers[Type]>
} & { readonly [Type in Exclude<keyof Resolvers, Root>]?: Partial<Fields<Resolvers[Type]>> }

export type Law = Readonly<Record<string, Readonly<Record<string, Requirement>>>>

/** The law of a subgraph. A root field without a line, or a line without a field, does not compile. */
export const law = <Resolvers>(lines: LawOf<Resolvers>): Law => lines as unknown as Law

/** Whether the viewer meets the requirement of a field of `parent`; an error says why not. */
export function meets(viewer: Viewer, requirement: Requirement, parent?: unknown): true | GraphQLError {
  if (requirement.kind === 'open') return true
  if (viewer.kind === 'ANONYMOUS') return unauthenticated()
  if (requirement.kind === 'signed in' || scopeOf(viewer, requirement.element)) return true
  return requirement.kind === 'element or self' && isSelf(viewer, parent) ? true : forbidden()
}

const isSelf = (viewer: Viewer, parent: unknown): boolean =>
  userIdOf(viewer) !== null && (parent as { id?: unknown } | null | undefined)?.id === viewer.id

/**
 * Puts the law before the fields that it names, and before no other: shield as it comes wraps every field of every
 * type, which makes all of them several times slower. A field that needs a line and has none fails at start.
 */
export function enforce(schema: GraphQLSchema, law: Law): GraphQLSchema {
  const tree = mapLines(law, (requirement) =>
    rule({ cache: 'no_cache' })((parent: unknown, __, { viewer }: { viewer: Viewer }) =>
      meets(viewer, requirement, parent),
    ),
  )
  const generator = shield(tree, {
    allowExternalErrors: true,
    fallbackError: (error) => (error instanceof GraphQLError && codeOf(error) ? error : forbidden()),
  })
  const whole = generator.generate(schema) as Record<string, IMiddlewareFieldMap>
  return applyMiddleware(
    schema,
    Object.fromEntries(
      Object.entries(law).map(([type, fields]) => [
        type,
        Object.fromEntries(Object.keys(fields).map((field) => [field, whole[type]?.[field]])),
      ]),
    ) as never,
  )
}

const mapLines = <T>(law: Law, make: (requirement: Requirement) => T): Record<string, Record<string, T>> =>
  Object.fromEntries(
    Object.entries(law).map(([type, fields]) => [
      type,
      Object.fromEntries(Object.entries(fields).map(([field, requirement]) => [field, make(requirement)])),
    ]),
  )
