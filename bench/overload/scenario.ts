// What an overload scenario is: a load by some clients, and the requests of others whose latency must not suffer.
import type { Shape } from '../../test/processes.ts'

/** A request of a client that is not part of the load; rejects when it is refused or fails. */
export type Probe = () => Promise<unknown>

export type Prepared<Input> = {
  /** By the name that the table shows. */
  readonly probes: Readonly<Record<string, Probe>>
  /** Handed to `load` in its thread: plain values only. */
  readonly input: Input
}

export type Scenario<Input> = {
  readonly name: string
  /** Environment of the processes under test, beside that of all scenarios. */
  readonly environment?: Readonly<Record<string, string>>
  readonly prepare: (shape: Shape) => Promise<Prepared<Input>>
  /** Runs in a thread of its own until the signal aborts; resolves to a sentence on what it sent and what it got back. */
  readonly load: (input: Input, signal: AbortSignal) => Promise<string>
}

export const scenario = <Input>(declared: Scenario<Input>): Scenario<Input> => declared

/** Runs `request` in `count` parallel loops until the signal aborts; counts what it resolves to. */
export async function inLoops(
  count: number,
  signal: AbortSignal,
  request: (loop: number) => Promise<string>,
): Promise<string> {
  const outcomes = new Map<string, number>()
  const loop = async (number: number) => {
    while (!signal.aborted) {
      const outcome = await request(number).catch((error: unknown) => (error as Error).name)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      // A refused request costs the client nothing; without a pause the load thread would measure itself.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await Promise.all(Array.from({ length: count }, (_, number) => loop(number)))
  return [...outcomes].map(([outcome, times]) => `${outcome} × ${times}`).join(', ')
}
