// Subgraphs of this process behind an address, as they are where each has a process of its own.
import type { Config } from '@switchyard/runtime/config'
import { eventCursor } from '@switchyard/runtime/events/follow'
import type { Log } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import { type RemoteExecutor, remoteExecutor } from '@switchyard/runtime/subgraph/remote'
import { serveSubgraph } from '@switchyard/runtime/subgraph/server'
import type { RunningSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { clientSigner, clientVerifier } from '@switchyard/runtime/viewer/client-info'
import { viewerSigner, viewerVerifier } from '@switchyard/runtime/viewer/signed-viewer'

export type Served = { readonly remote: RemoteExecutor; close(): Promise<void> }

export async function overHttp(executor: RunningSubgraph, config: Config, log: Log): Promise<Served> {
  const server = await serveSubgraph({
    executor,
    verify: viewerVerifier(config.internalSecret),
    verifyClient: clientVerifier(config.internalSecret),
    newest: async () => eventCursor(executor.name, await executor.follower.head()),
    ready: executor.ready,
    port: 0,
    host: '127.0.0.1',
    internalCidrs: config.internalCidrs,
    log,
    metrics: createMetrics(),
  })
  const remote = remoteExecutor({
    name: executor.name,
    url: server.url,
    signer: viewerSigner(config.internalSecret),
    signClient: clientSigner(config.internalSecret),
    timeout: config.subgraphTimeout,
    log,
  })
  return {
    remote,
    async close() {
      await remote.close()
      await server.drain()
    },
  }
}
