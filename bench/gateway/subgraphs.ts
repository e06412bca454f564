// The subgraphs as a process of its own. Each answer is worked out once and then remembered by the text of its question,
// so that a subgraph costs the same little, whoever asks.
import { createServer } from 'node:http'
import { type GraphQLSchema, graphql } from 'graphql'
import { schemaOf, subgraphNames } from './shop.ts'

const schemas = new Map(subgraphNames.map((name) => [`/${name}`, schemaOf(name)]))
const answers = new Map<string, Buffer>()

async function answer(schema: GraphQLSchema, key: string, body: string): Promise<Buffer> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }
  const made = Buffer.from(JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} })))
  answers.set(key, made)
  return made
}

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const schema = schemas.get(request.url ?? '')
    if (!schema) return response.writeHead(404).end()
    const body = Buffer.concat(chunks).toString()
    const key = request.url + body
    const known = answers.get(key) ?? (await answer(schema, key, body))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': known.length }).end(known)
  })
})
server.listen(Number(process.env.PORT), '127.0.0.1')
