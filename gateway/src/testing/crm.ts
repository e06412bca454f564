// The second subgraph of the gateway's test graph: customers with deals, and a few fields that misbehave.
import { setTimeout as wait } from 'node:timers/promises'
import { notFound, rateLimited, refused } from '@switchyard/runtime/errors'
import { GraphQLError, parse } from 'graphql'
import { testSubgraph } from './graph.ts'
import { topic } from './topic.ts'

export const crmTypeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar JSON
  scalar DateTime
  type Query {
    customer(id: ID!): Customer
    customers(first: Int = 20, after: String): CustomerConnection
    missing: Customer
    broken: String
    brokenDriver: String
    limited: String
    slow(milliseconds: Int!): String
    echo(json: JSON, since: DateTime): JSON
    deals(filter: DealFilter): Int
  }
  input DealFilter { since: DateTime }
  type Mutation { createCustomer(name: String!): Customer  closeDeal: Customer }
  type Subscription { dealChanged(pipelineId: ID, after: String): DealChange }
  type DealChange { cursor: String! kind: String! deal: Deal }
  type Customer { id: ID! name: String! owner: User parent: Customer deals(first: Int): DealConnection tags: [Tag!]! }
  type CustomerConnection { nodes: [Customer!]! edges: [CustomerEdge!]! totalCount: Int! }
  type CustomerEdge { cursor: String! node: Customer! }
  type DealConnection { nodes: [Deal!]! }
  type Deal { id: ID! title: String! owner: User lines: [Line!]! }
  type Line { id: ID! }
  type Tag { id: ID! }
  type User @key(fields: "id", resolvable: false) { id: ID! }
`)

const customer = (id: string) => ({ id, name: `Customer ${id}`, owner: { __typename: 'User', id: 'alice' }, tags: [] })

export type DealChange = { cursor: string; kind: string; deal: { id: string; title: string; owner: { id: string } } }

export const dealChange = (id: string, owner = 'alice'): DealChange => ({
  cursor: id,
  kind: 'UPDATED',
  deal: { id, title: `Deal ${id}`, owner: { id: owner } },
})

export function testCrm() {
  const changes = topic<DealChange>()
  const subgraph = testSubgraph('crm', crmTypeDefs, {
    Query: {
      customer: (_: unknown, { id }: { id: string }) => customer(id),
      customers: (_: unknown, { first }: { first: number }) => {
        const nodes = Array.from({ length: first }, (__, index) => customer(String(index)))
        return { nodes, edges: [], totalCount: first }
      },
      missing: () => {
        throw notFound('crm.customer', '7')
      },
      broken: () => {
        throw new Error('duplicate key value violates unique constraint "customers_email" at 10.0.0.7:5432')
      },
      brokenDriver: () => {
        const cause = Object.assign(new Error('insert into customers'), { extensions: { code: 'DATABASE' } })
        throw new GraphQLError(cause.message, { originalError: cause })
      },
      limited: () => {
        throw rateLimited(7)
      },
      slow: async (_: unknown, { milliseconds }: { milliseconds: number }) => {
        await wait(milliseconds)
        return 'done'
      },
      echo: (_: unknown, { json }: { json: unknown }) => json,
    },
    Mutation: {
      createCustomer: (_: unknown, { name }: { name: string }) => ({ ...customer('new'), name }),
      closeDeal: () => {
        throw refused('INVALID_TRANSITION', 'A won deal stays won.', { from: 'WON', to: 'OPEN' })
      },
    },
    Subscription: {
      dealChanged: {
        subscribe: () => changes.stream(),
        resolve: (change: unknown) => change,
      },
    },
  })
  return { subgraph, changes }
}
