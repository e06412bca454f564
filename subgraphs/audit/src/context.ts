// The stores and services of audit, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import type { Host } from '@switchyard/runtime/subgraph/subgraph'
import { chainStore } from './chain/chain.store.ts'
import { sealWith } from './chain/checkpoint.ts'
import { checkpointFile } from './chain/checkpoint-file.ts'
import { eventStore } from './event/event.store.ts'

export const stores = {
  chain: chainStore,
  events: eventStore,
}

export const services = ({ config, metrics }: Host) => ({
  seal: sealWith(config.internalSecret),
  checkpointFile: checkpointFile(config.dataDir),
  checkpointsTotal: metrics.checkpoints,
  /** Milliseconds that an answer may take, so that the gateway still waits for it. */
  patience: config.subgraphTimeout / 2,
})

type Services = ReturnType<typeof services>

export type Context = ContextOf<typeof stores, Services>
export type Transaction = TransactionOf<typeof stores, Services>
