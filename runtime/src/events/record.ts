// Writes a transaction's events into its outbox: the feature names what happened, the runtime fills the envelope.
import { ledger } from '../database/ledger.ts'
import { newId } from '../ids.ts'
import { factsOf } from '../rows/facts.ts'
import { changesOf, type Journal, type Written } from '../rows/journal.ts'
import type { Scope } from '../rows/scope.ts'
import type { Recordable } from './event.ts'

export type Origin = { readonly requestId: string; readonly causeId: string | null }

/** Stores the events about rows that this transaction wrote; a write that no event tells of is refused as a bug. */
export async function writeEvents(
  scope: Scope & { journal: Journal },
  origin: Origin,
  events: readonly Recordable[],
): Promise<void> {
  const { db, journal, subgraph } = scope
  const told = events.map((event) => ({ event, written: tell(journal, event) }))
  const untold = [...journal.written.values()].find((written) => !written.told)
  if (untold) throw new Error(`${untold.policy.name} ${String(untold.after.id)} was written without an event`)
  if (told.length === 0) return
  const rows = []
  for (const { event, written } of told) rows.push(await envelope(scope, origin, event, written))
  await db.insert(ledger(subgraph).outbox).values(rows)
}

function tell(journal: Journal, event: Recordable): Written {
  const written = journal.written.get(event.entityId)
  if (!written) throw new Error(`${event.type} tells of ${event.entityId}, which this transaction did not write`)
  written.told = true
  return written
}

async function envelope({ db, viewer, clock }: Scope, origin: Origin, event: Recordable, written: Written) {
  const { policy, before, after, isRemoved } = written
  return {
    id: newId(),
    type: event.type,
    entity: policy.name,
    entityId: event.entityId,
    version: after.version as number,
    occurredAt: clock.now(),
    actorKind: viewer.kind,
    actorId: viewer.id,
    impersonatorId: viewer.impersonatorId,
    ...origin,
    payload: event.payload,
    changes: changesOf(written),
    audienceBefore: before && before.deletedAt == null ? await factsOf(db, policy, before) : null,
    audienceAfter: isRemoved ? null : await factsOf(db, policy, after),
  }
}
