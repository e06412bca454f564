// The floor: somebody who knows the questions by heart fetches the same from the same subgraphs and merges it by hand.
import { createServer } from 'node:http'
import { fromPeers } from '../peers.ts'

type Pool = { request(call: object): Promise<{ body: { json(): Promise<unknown> } }> }
type Undici = { Pool: new (origin: string, options: object) => Pool }
type Product = { __typename: string; id: string; supplier?: { id: string } }
type Entities = { data: { _entities: object[] } }

const { Pool } = await fromPeers<Undici>('undici')
const pool = new Pool(String(process.env.SUBGRAPHS), { connections: 50 })

const narrow = 'query ($first: Int!, $after: Int!) { products(first: $first, after: $after) { id name price } }'
const products =
  'query ($first: Int!, $after: Int!) { products(first: $first, after: $after) { __typename id name price } }'
const stock =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { stock supplier { __typename id } } } }'
const supplier =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Supplier { name city } } }'

async function ask<Answer>(subgraph: string, query: string, variables: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const { body } = await pool.request({
    path: `/${subgraph}`,
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  })
  return (await body.json()) as Answer
}

async function wide(variables: object): Promise<object> {
  const { data } = await ask<{ data: { products: Product[] } }>('catalogue', products, variables)
  const keys = data.products.map(({ id }) => ({ __typename: 'Product', id }))
  const stocks = (await ask<Entities>('stock', stock, { representations: keys })).data._entities as Product[]
  const supplierKeys = stocks.map(({ supplier }) => ({ __typename: 'Supplier', id: supplier?.id }))
  const suppliers = (await ask<Entities>('catalogue', supplier, { representations: supplierKeys })).data._entities
  const merged = data.products.map(({ __typename, ...product }, row) => {
    const { supplier: key, ...own } = stocks[row] as Product
    return { ...product, ...own, supplier: { id: key?.id, ...suppliers[row] } }
  })
  return { data: { products: merged } }
}

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string; variables: object }
    const answer = query.startsWith('query Wide')
      ? await wide(variables)
      : await ask<object>('catalogue', narrow, variables)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
