// Our gateway before subgraphs at addresses.
import { readFileSync } from 'node:fs'
import { startGateway } from '@switchyard/gateway'
import { systemClock } from '@switchyard/runtime/clock'
import { readConfig } from '@switchyard/runtime/config'
import { createLog } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { remoteExecutor } from '@switchyard/runtime/subgraph/remote'
import { viewerSigner } from '@switchyard/runtime/viewer/signed-viewer'
import { subgraphNames } from '../shop.ts'

const config = readConfig()
const log = createLog(config.logLevel, 'gateway')
const signer = viewerSigner(config.internalSecret)
const subgraphs = subgraphNames.map((name) =>
  remoteExecutor({ name, url: `${process.env.SUBGRAPHS}/${name}`, signer, timeout: config.subgraphTimeout, log }),
)
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
