// The graph that is measured: a shop of two subgraphs that need each other, its data worked out from the number of a row.
import { composeServices } from '@apollo/composition'
import { everyone } from '@switchyard/runtime/permissions/law'
import { executableSchema } from '@switchyard/runtime/subgraph/schema'
import { parse } from 'graphql'

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'
const scalars = ['BigInt', 'CurrencyCode', 'Date', 'DateTime', 'EmailAddress', 'JSON']
  .map((name) => `scalar ${name}`)
  .join(' ')

const catalogueTypes = `${link}
  type Query { products(first: Int!, after: Int! = 0): [Product!]! }
  type Product @key(fields: "id") { id: ID!  name: String!  price: Int! }
  type Supplier @key(fields: "id") { id: ID!  name: String!  city: String! }`

const stockTypes = `${link}
  type Product @key(fields: "id") { id: ID!  stock: Int!  supplier: Supplier! }
  type Supplier @key(fields: "id", resolvable: false) { id: ID! }`

type Key = { readonly id: string }

const product = (number: number) => ({
  id: String(number),
  name: `Product number ${number}`,
  price: (number * 37) % 997,
})
const supplier = ({ id }: Key) => ({ id, name: `Supplier ${id} & Sons`, city: Number(id) % 2 ? 'Brno' : 'Plzeň' })
const stock = ({ id }: Key) => ({
  id,
  stock: (Number(id) * 13) % 101,
  supplier: { id: String(Number(id) + 1_000_000) },
})

const catalogueResolvers = {
  Query: {
    products: (_: unknown, { first, after }: { first: number; after: number }) =>
      Array.from({ length: first }, (_, index) => product(after + index)),
  },
  Supplier: { __resolveReference: supplier },
}

const stockResolvers = { Product: { __resolveReference: stock } }

export const shop = {
  catalogue: { typeDefs: catalogueTypes, resolvers: catalogueResolvers, law: { Query: { products: everyone } } },
  stock: { typeDefs: stockTypes, resolvers: stockResolvers, law: {} },
}

export type SubgraphName = keyof typeof shop

export const subgraphNames = Object.keys(shop) as SubgraphName[]

export const schemaOf = (name: SubgraphName) => {
  const { typeDefs, resolvers, law } = shop[name]
  return executableSchema(parse(`${typeDefs} ${scalars}`), [resolvers], law)
}

/** The composed graph, each subgraph at its path of the address. */
export function composed(address: string): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphNames.map((name) => ({ name, url: `${address}/${name}`, typeDefs: parse(shop[name].typeDefs) })),
  )
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'))
  return supergraphSdl
}
