// The two ends of the wire between a gateway and a subgraph, with the subgraph that counts behind it.

import { onTestFinished } from 'vitest'
import { createMetrics } from '../metrics.ts'
import type { Check } from '../process/readiness.ts'
import type { SubgraphExecutor, SubgraphRequest } from '../subgraph/executor.ts'
import { remoteExecutor } from '../subgraph/remote.ts'
import { type SubgraphServer, serveSubgraph } from '../subgraph/server.ts'
import { clientSigner, clientVerifier } from '../viewer/client-info.ts'
import { viewerSigner, viewerVerifier } from '../viewer/signed-viewer.ts'
import { anonymous, type Viewer } from '../viewer/viewer.ts'
import { CounterExecutor } from './counter-executor.ts'
import { testLog } from './log.ts'

const log = testLog()

export const secret = new TextEncoder().encode('a secret of the gateway and its subgraphs')

export const otherSecret = new TextEncoder().encode('a secret that somebody else has made up')

export const ana: Viewer = {
  ...anonymous,
  kind: 'USER',
  id: 'ana',
  roles: ['AGENT'],
  permissions: { 'crm.deal.read': 'own' },
}

export const request = (query: string, more: Partial<SubgraphRequest> = {}): SubgraphRequest => ({
  query,
  variables: {},
  viewer: ana,
  requestId: 'request-1',
  ...more,
})

/** Until the test ends. */
export async function serve(
  executor: SubgraphExecutor,
  port = 0,
  ready: Check = async () => ({ status: 'ok', dependencies: {} }),
): Promise<SubgraphServer> {
  const newest = async () => (executor instanceof CounterExecutor ? String(executor.told) : undefined)
  const server = await serveSubgraph({
    executor,
    verify: viewerVerifier(secret),
    verifyClient: clientVerifier(secret),
    newest,
    port,
    host: '127.0.0.1',
    log,
    metrics: createMetrics(),
    ready,
    internalCidrs: ['127.0.0.0/8'],
  })
  onTestFinished(() => server.drain())
  return server
}

/** Until the test ends. */
export function reach(
  url: string,
  { signer = viewerSigner(secret), signClient = clientSigner(secret), timeout = 2000 } = {},
) {
  const remote = remoteExecutor({ name: 'counter', url, signer, signClient, timeout, log })
  onTestFinished(() => remote.close())
  return remote
}

export const countedAfter = 'subscription ($after: String) { counted(after: $after) { count cursor } }'

export async function listen(remote: SubgraphExecutor, more: Partial<SubgraphRequest> = {}, query = countedAfter) {
  const result = await remote.subscribe(request(query, more))
  if (!(Symbol.asyncIterator in result)) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result
}
