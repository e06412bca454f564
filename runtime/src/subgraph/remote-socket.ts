// The socket to a subgraph of ours, which takes nobody but the gateway.
import { service } from '../viewer/viewer.ts'
import type { RemoteOptions } from './remote.ts'
import { type SubgraphSocket, subgraphSocket } from './subgraph-socket.ts'

const gateway = service('gateway', [])

export const remoteSocket = ({ name, url, signer, timeout, log }: RemoteOptions): SubgraphSocket =>
  subgraphSocket({
    url,
    timeout,
    connectionParams: async () => ({ viewer: await signer(gateway) }),
    onClosed(code) {
      if (code === 4401 || code === 4403) log.error({ subgraph: name, code }, 'the subgraph refuses our signature')
    },
  })
