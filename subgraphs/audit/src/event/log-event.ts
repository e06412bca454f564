import type { OutboxRow } from '@switchyard/runtime/database/ledger'
import { commitmentTo, digestOf, newSalt } from '../chain/link.ts'
import type { Transaction } from '../context.ts'
import { toldOf } from './event.ts'

/** Puts an event of any subgraph at the end of the chain. */
export async function logEvent(tx: Transaction, event: OutboxRow): Promise<void> {
  const detail = { eventId: event.id, salt: newSalt(), changes: event.changes, payload: event.payload }
  const told = toldOf(event)
  const commitment = commitmentTo(detail)
  await tx.events.insert(told, detail, commitment, digestOf(told, commitment))
}
