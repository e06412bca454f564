// Apollo's gateway behind Apollo's standalone server, as their documentation starts them.
import { readFileSync } from 'node:fs'
import { fromPeers } from '../peers.ts'

type Gateway = { ApolloGateway: new (options: { supergraphSdl: string }) => object }
type Server = { ApolloServer: new (options: { gateway: object }) => object }
type Standalone = { startStandaloneServer(server: object, options: { listen: object }): Promise<unknown> }

const { ApolloGateway } = await fromPeers<Gateway>('@apollo/gateway')
const { ApolloServer } = await fromPeers<Server>('@apollo/server')
const { startStandaloneServer } = await fromPeers<Standalone>('@apollo/server/standalone')

const supergraphSdl = readFileSync(String(process.env.SUPERGRAPH), 'utf8')
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl }) })
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(process.env.PORT) } })
