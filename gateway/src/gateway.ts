// The gateway of a graph of ours: identity says who asks, and every subgraph is handed the viewer.
import type { Check } from '@switchyard/runtime/process/readiness'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { openDoor, type RunningGateway, type Surroundings } from './door.ts'
import type { Routed } from './http/routes.ts'
import type { OperationManifest } from './operations/manifest.ts'
import { loadSupergraph } from './supergraph.ts'
import { credentialReader } from './viewer/credentials.ts'
import { createViewers } from './viewer/viewers.ts'

export type { RunningGateway } from './door.ts'
export { startForeignGateway } from './foreign/gateway.ts'
export { loadOperations, type OperationManifest } from './operations/manifest.ts'

export type GatewayOptions = Surroundings & {
  /** Identity among them. */
  readonly subgraphs: readonly SubgraphExecutor[]
  /** The composed graph's SDL. */
  readonly supergraph: string
  readonly operations: OperationManifest
  /** What subgraphs serve beside GraphQL: below which prefix, and which of them. */
  readonly routes?: readonly Routed[]
  /** What the process depends on besides its subgraphs. */
  readonly ready?: Check
}

export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { config, log, clock, subgraphs } = options
  const identity = subgraphs.find(({ name }) => name === 'identity')
  if (!identity) throw new Error('The gateway needs the subgraph identity to know who asks.')
  return openDoor({
    ...options,
    routes: options.routes ?? [],
    supergraph: loadSupergraph(options.supergraph),
    credentials: credentialReader(config),
    viewers: createViewers({ identity, config, clock, log }),
  })
}
