// Runs a subgraph's reactions to one event, each in a transaction that also notes the event as done.
import type { ContextOf, StoreMakers } from '../context/context.ts'
import type { OperationOrigin } from '../context/open-context.ts'
import type { OutboxRow } from '../database/ledger.ts'
import { service } from '../viewer/viewer.ts'
import { type Reaction, reactsTo } from './reaction.ts'

/** One that fails holds up none of the others; what failed is thrown when all have had their turn. */
export async function react(
  subgraph: string,
  reactions: readonly Reaction[],
  open: (origin: OperationOrigin) => ContextOf<StoreMakers>,
  event: OutboxRow,
): Promise<void> {
  const failures: unknown[] = []
  for (const reaction of reactions.filter((one) => reactsTo(one, event.type))) {
    const viewer = service(`${subgraph}.${reaction.name}`, reaction.may)
    const ctx = open({ viewer, requestId: event.requestId, cause: { eventId: event.id, reaction: reaction.name } })
    await ctx.transaction((tx) => reaction.run(tx as never, event)).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 1) throw new AggregateError(failures, `${failures.length} reactions to ${event.type} failed`)
  if (failures.length === 1) throw failures[0]
}
