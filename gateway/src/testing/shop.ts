// A graph that is not ours: a shop of two plain GraphQL servers, and a gateway that was given nothing but its supergraph.
import { composeServices } from '@apollo/composition'
import { settableClock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { createMetrics } from '@switchyard/runtime/metrics'
import { testLog } from '@switchyard/runtime/testing/log'
import { GraphQLError, parse } from 'graphql'
import { startForeignGateway } from '../gateway.ts'
import { plainServer } from './plain-server.ts'
import { topic } from './topic.ts'
import { type Answer, usualConfig } from './world.ts'

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'

const products = parse(`
  ${link}
  scalar DateTime
  type Query { products: [Product] product(id: ID!): Product failing: String when(at: DateTime): DateTime }
  type Mutation { rename(id: ID!, name: String!): Product }
  type Product @key(fields: "id") { id: ID! name: String }
`)
const reviews = parse(`
  ${link}
  type Query { newest: Review }
  type Subscription { reviewed: Product refusing: Product }
  type Product @key(fields: "id") { id: ID! reviews: [Review] }
  type Review { text: String stars: Int! }
`)

const product = (id: string) => ({ id, name: `Product ${id}` })
const review = { text: 'Good', stars: 5 }

/** The two servers. */
export async function shopServers() {
  const shelf = await plainServer(products, {
    Query: {
      products: () => ['1', '2', '3'].map(product),
      product: (_: unknown, { id }: { id: string }) => product(id),
      when: (_: unknown, { at }: { at: unknown }) => at,
      failing: () => {
        const secret = { code: 'FORBIDDEN', stacktrace: ['at /srv/shop/db.js:7'], host: '10.0.0.7' }
        throw new GraphQLError('select * from products at 10.0.0.7', { extensions: secret })
      },
    },
    Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
    Mutation: { rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ id, name }) },
  })
  const reviewed = topic<{ reviewed: { id: string } }>()
  const opinions = await plainServer(reviews, {
    Query: { newest: () => review },
    Subscription: {
      reviewed: { subscribe: () => reviewed.stream() },
      refusing: {
        subscribe: () => {
          throw new Error('not for you, says 10.0.0.7')
        },
      },
    },
    Product: { __resolveReference: ({ id }: { id: string }) => ({ id }), reviews: () => [review] },
  })
  return { shelf, opinions, reviewed }
}

/** The composed SDL, with the addresses in it. */
export function shopSupergraph(addresses: { products: string; reviews: string }): string {
  const { supergraphSdl = '' } = composeServices([
    { name: 'products', typeDefs: products, url: addresses.products },
    { name: 'reviews', typeDefs: reviews, url: addresses.reviews },
  ])
  return supergraphSdl
}

export type Shop = Awaited<ReturnType<typeof shop>>

export async function shop(config: Partial<Config> = {}) {
  const { shelf, opinions, reviewed } = await shopServers()
  const metrics = createMetrics()
  const clock = settableClock()
  const gateway = await startForeignGateway({
    config: { ...usualConfig, ...config },
    log: testLog('gateway'),
    metrics,
    clock,
    supergraph: shopSupergraph({ products: shelf.url, reviews: opinions.url }),
    port: 0,
  })
  return {
    shelf,
    opinions,
    reviewed,
    gateway,
    metrics,
    clock,
    async ask(query: string, headers: Record<string, string> = {}, variables?: object): Promise<Answer> {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
    },
    async close() {
      await gateway.drain()
      await Promise.all([shelf.close(), opinions.close()])
    },
  }
}
