// What a federation suite is: a few small subgraphs, and operations with the answers that we expect of any gateway.
import { type DocumentNode, parse } from 'graphql'

export type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type Suite = {
  readonly title: string
  readonly subgraphs: Readonly<Record<string, { readonly typeDefs: DocumentNode; readonly resolvers: Resolvers }>>
  readonly cases: readonly Case[]
}

export type Case = {
  /** A sentence on what the gateway does. */
  readonly title: string
  readonly operation: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>> | null
  /** Each as its path and its code, such as `ships.0.name NOT_FOUND`; none when absent. */
  readonly errors?: readonly string[]
  /** Subgraphs that cannot be reached. */
  readonly down?: readonly string[]
  /** The subgraphs that are asked, in order; not looked at when absent. */
  readonly asked?: readonly string[]
}

const directives = [
  '@extends',
  '@external',
  '@inaccessible',
  '@interfaceObject',
  '@key',
  '@override',
  '@provides',
  '@requires',
  '@shareable',
]

/** A subgraph's SDL, with every directive of federation at hand. */
export const federated = (sdl: string): DocumentNode =>
  parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${JSON.stringify(directives)})
${sdl}`)

/** A parent's reference to an entity of another subgraph. */
export const reference = (__typename: string, key: Readonly<Record<string, unknown>>) => ({ __typename, ...key })

export const typeDefsOf = ({ subgraphs }: Suite) =>
  Object.fromEntries(Object.entries(subgraphs).map(([name, { typeDefs }]) => [name, typeDefs]))
