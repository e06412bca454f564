// Hive's gateway on Node's own server; with PLANNER=rust it plans and executes by the runtime of Hive's router.
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { fromPeers } from '../peers.ts'

type Options = { supergraph: string; logging: false; unifiedGraphHandler?: unknown }
type Runtime = { createGatewayRuntime(options: Options): RequestListener }
type RustPlanner = { unifiedGraphHandler: unknown }

const { createGatewayRuntime } = await fromPeers<Runtime>('@graphql-hive/gateway-runtime')
const planner =
  process.env.PLANNER === 'rust' ? await fromPeers<RustPlanner>('@graphql-hive/router-runtime') : undefined

const gateway = createGatewayRuntime({
  supergraph: readFileSync(String(process.env.SUPERGRAPH), 'utf8'),
  logging: false,
  ...(planner && { unifiedGraphHandler: planner.unifiedGraphHandler }),
})
createServer(gateway).listen(Number(process.env.PORT), '127.0.0.1')
