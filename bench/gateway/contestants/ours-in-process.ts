// Our gateway with the subgraphs in its own process, as `main.ts all` runs them.
import { readFileSync } from 'node:fs'
import { startGateway } from '@switchyard/gateway'
import { systemClock } from '@switchyard/runtime/clock'
import { readConfig } from '@switchyard/runtime/config'
import { createLog } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { localExecutor } from '@switchyard/runtime/subgraph/local'
import { schemaOf, subgraphNames } from '../shop.ts'

const config = readConfig()
const log = createLog(config.logLevel, 'gateway')
const subgraphs = subgraphNames.map((name) =>
  localExecutor({ name, schema: schemaOf(name), log, createContext: (request) => ({ viewer: request.viewer }) }),
)
/** Nobody signs in here, so identity is never asked for anything but its news, of which there is none. */
const identity: SubgraphExecutor = {
  name: 'identity',
  execute: async () => ({ data: null }),
  subscribe: () => new Promise(() => {}),
}

await startGateway({
  config,
  log,
  metrics: createMetrics(),
  clock: systemClock,
  subgraphs: [identity, ...subgraphs],
  supergraph: readFileSync(String(process.env.SUPERGRAPH), 'utf8'),
  operations: [],
})
