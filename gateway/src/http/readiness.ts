// Whether the gateway can serve: what its subgraphs say about themselves, and what its own process depends on.
import { randomUUID } from 'node:crypto'
import type { Log } from '@switchyard/runtime/log'
import { type Check, combined, dependencyCheck, type Readiness, readiness } from '@switchyard/runtime/process/readiness'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { withDeadline } from '../sources/deadline.ts'

/** Longer than a subgraph takes to find out that something does not answer it. */
const timeoutMs = 2000

type Report = { readonly name: string; readonly found: Readiness }

/**
 * The gateway serves as long as identity does, without which nobody can be known; without another subgraph it is
 * degraded, since taking out every gateway would take the other subgraphs with it.
 */
export function gatewayReadiness(subgraphs: readonly SubgraphExecutor[], own: Check | undefined, log: Log): Check {
  const checks = subgraphs.map((subgraph) => {
    const check = dependencyCheck({ name: subgraph.name, failing: 'unavailable', timeoutMs }, () => ask(subgraph))
    return async (): Promise<Report> => ({ name: subgraph.name, found: await check() })
  })
  return readiness(
    [
      async () => {
        const [mine, ...reports] = await Promise.all([
          own?.() ?? ({ status: 'ok', dependencies: {} } as const),
          ...checks.map((check) => check()),
        ])
        const failing = Object.entries(mine.dependencies).filter(([, state]) => state !== 'ok')
        const dependencies = { ...mine.dependencies, ...dependenciesOf(reports), ...Object.fromEntries(failing) }
        return combined([mine, { status: statusOf(reports), dependencies }])
      },
    ],
    log,
  )
}

async function ask(subgraph: SubgraphExecutor): Promise<string | Readiness> {
  if (!subgraph.ready) return ping(subgraph)
  const { status, dependencies } = await subgraph.ready()
  const itself = status === 'draining' ? 'unavailable' : status
  return { status: itself, dependencies: { ...dependencies, [subgraph.name]: status } }
}

/** For a plain GraphQL server, which says nothing about itself. */
async function ping(subgraph: SubgraphExecutor): Promise<string> {
  const query = { query: '{ __typename }', variables: {}, viewer: anonymous, requestId: randomUUID() }
  const { data } = await withDeadline(timeoutMs, undefined, (signal) => subgraph.execute({ ...query, signal }))
  return data ? 'ok' : 'unavailable'
}

function statusOf(reports: readonly Report[]): Readiness['status'] {
  const identity = reports.find(({ name }) => name === 'identity')
  if (identity?.found.status === 'unavailable') return 'unavailable'
  return reports.every(({ found }) => found.status === 'ok') ? 'ok' : 'degraded'
}

/** What several subgraphs depend on is named once: with who misses it, unless all of them do. */
function dependenciesOf(reports: readonly Report[]): Record<string, string> {
  const all = reports.flatMap(({ name, found }) =>
    Object.entries(found.dependencies).map(([dependency, state]) => ({ name, dependency, state })),
  )
  const byDependency = Map.groupBy(all, ({ dependency }) => dependency)
  return Object.fromEntries(
    [...byDependency].map(([dependency, states]) => {
      const byReason = Map.groupBy(
        states.filter(({ state }) => state !== 'ok'),
        ({ state }) => state,
      )
      const reasons = [...byReason].map(([reason, missing]) =>
        missing.length === states.length ? reason : `${missing.map(({ name }) => name).join(', ')}: ${reason}`,
      )
      return [dependency, reasons.length === 0 ? 'ok' : reasons.join('; ')]
    }),
  )
}
