// Audit with as many connections as a test wants writers, and events for it that never happened.
import { randomUUID } from 'node:crypto'
import { systemClock } from '@switchyard/runtime/clock'
import { readConfig } from '@switchyard/runtime/config'
import type { OutboxRow } from '@switchyard/runtime/database/ledger'
import { react } from '@switchyard/runtime/events/react'
import { createLog } from '@switchyard/runtime/log'
import { createMetrics } from '@switchyard/runtime/metrics'
import { startSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { audit } from '../subgraph.ts'

export function startWriter(url: string, writers: number) {
  const nobody = async () => undefined
  const running = startSubgraph(audit, {
    config: readConfig({ AUTH_SECRET: 'x'.repeat(32), INTERNAL_SECRET: 'y'.repeat(32), DB_POOL: String(writers) }),
    log: createLog('error', 'writer'),
    metrics: createMetrics(),
    clock: systemClock,
    live: { announce: nobody, listen: async () => nobody, close: nobody },
    databaseUrl: () => url,
    peers: (name) => {
      throw new Error(`${name} is not part of this process.`)
    },
  })
  return { log: (event: OutboxRow) => react('audit', audit.reactions, running.open, event), stop: running.stop }
}

export const anEvent = (): OutboxRow => ({
  id: randomUUID(),
  sequence: 1n,
  position: 1n,
  type: 'crm.deal.updated',
  entity: 'crm.deal',
  entityId: randomUUID(),
  version: 1,
  occurredAt: new Date(),
  actorKind: 'USER',
  actorId: randomUUID(),
  impersonatorId: null,
  requestId: randomUUID(),
  causeId: null,
  payload: { pipelineId: randomUUID() },
  changes: [{ field: 'title', before: 'Chairs', after: 'Tables' }],
  audienceBefore: null,
  audienceAfter: null,
})
