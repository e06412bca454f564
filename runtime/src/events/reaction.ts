// How a subgraph declares what it does when another's event arrives: once, however often it arrives.
import type { OutboxRow } from '../database/ledger.ts'

/** What a reaction is to that hears of every event of every subgraph. */
export const everything = 'everything'

export type Reaction<Context = never> = {
  /** Names the effect; an event has it once. */
  readonly name: string
  /** Event types, or their beginnings: `identity.user.` means all that happens to users. */
  readonly to: readonly string[] | typeof everything
  /** The permission elements that the effect takes. */
  readonly may: readonly string[]
  readonly run: (tx: Context, event: OutboxRow) => Promise<void>
}

/** A reaction to events; `run` is handed a transaction in which the event counts as done. */
export const reaction = <Context>(declared: Reaction<Context>): Reaction => declared as unknown as Reaction

export const reactsTo = ({ to }: Reaction, type: string): boolean =>
  to === everything || to.some((wanted) => (wanted.endsWith('.') ? type.startsWith(wanted) : type === wanted))
