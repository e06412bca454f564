// The gateway of a graph that is not ours: any supergraph, its subgraphs plain GraphQL servers at the addresses in it.
import type { Exchanged } from '@switchyard/runtime/subgraph/exchange'
import { foreignExecutor } from '@switchyard/runtime/subgraph/foreign'
import { mergedCalls } from '@switchyard/runtime/subgraph/merged-calls'
import { openDoor, type RunningGateway, type Surroundings } from '../door.ts'
import { loadForeignSupergraph } from '../supergraph.ts'
import { credentialReader } from '../viewer/credentials.ts'
import { addressesIn } from './addresses.ts'
import { chosen } from './chosen-headers.ts'
import { anybody, everybody, holdersOfTokens } from './viewers.ts'

export type ForeignGatewayOptions = Surroundings & {
  /** The supergraph's SDL. */
  readonly supergraph: string
}

/** Throws a ConfigError that says what is wrong with the supergraph. */
export async function startForeignGateway(options: ForeignGatewayOptions): Promise<RunningGateway> {
  const { config, log, clock } = options
  const supergraph = loadForeignSupergraph(options.supergraph)
  const timeout = config.subgraphTimeout
  const calls = mergedCalls<Exchanged>(timeout)
  const subgraphs = addressesIn(supergraph.subgraphs, config.subgraphUrl).map(({ name, url }) =>
    foreignExecutor({ name, url, timeout, log, calls }),
  )
  const issuer = config.externalIssuer
  const door = await openDoor({
    ...options,
    supergraph,
    subgraphs,
    credentials: issuer ? credentialReader(config) : anybody,
    viewers: issuer ? holdersOfTokens(issuer, clock) : everybody,
    forwarded: chosen(config.forwardHeaders),
    operations: [],
    routes: [],
  })
  return {
    ...door,
    async drain() {
      await door.drain()
      await Promise.all(subgraphs.map((each) => each.close()))
    },
  }
}
