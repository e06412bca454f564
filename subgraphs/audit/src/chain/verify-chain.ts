// Walks along the chain and compares each link with what it should be; reads in batches, however long the log is.
import type { Context } from '../context.ts'
import { behind, type LoggedLink, type Place } from './chain.store.ts'
import { type Checkpoint, checkpointHash, noCheckpoint, type Seal } from './checkpoint.ts'
import { beginning, commitmentTo, digestOf, hashAfter, type Link } from './link.ts'
import type { Reference } from './references.ts'

export type Verification = {
  readonly valid: boolean
  readonly checked: number
  readonly firstBrokenSequence: bigint | null
  /** The last link that is known to be good. */
  readonly verifiedThrough: bigint
  /** False where there is more to be looked at. */
  readonly isComplete: boolean
  /** Where the chain ends; null when nothing has been logged. */
  readonly head: Link | null
  /** The checkpoint that the chain was compared with; null when with none. */
  readonly verifiedAgainst: Reference | null
}

export type Part = {
  /** A link that is known to be good. */
  readonly since?: Link
  /** How many links are to be looked at. */
  readonly most?: number
  /** Milliseconds after which to stop, wherever that is. */
  readonly patience?: number
}

const unlimited = Number.POSITIVE_INFINITY

/** Verifies the chain, or a part of it. */
export async function verifyChain(
  { chain, seal }: Context,
  { since = beginning, most = unlimited, patience = unlimited }: Part = {},
): Promise<Verification> {
  const until = performance.now() + patience
  const { head, logged, signed } = await chain.ends(seal.keyId)
  let last = since
  let lastCheckpoint = since === beginning ? noCheckpoint : undefined
  let checked = 0
  const verdict = (firstBrokenSequence: bigint | null, isComplete = true): Verification => ({
    valid: firstBrokenSequence === null,
    checked,
    firstBrokenSequence,
    verifiedThrough: last.sequence,
    isComplete,
    head: head.sequence === 0n ? null : head,
    verifiedAgainst: null,
  })

  for await (const links of batches((place) => chain.linksAfter(place, seal.keyId), behind(since))) {
    for (const link of links) {
      const { event } = link
      // What was added since the ends were read is for the next time; a repeated sequence is not.
      if (last.sequence === logged && event.sequence > logged) return verdict(brokenEnd(last, head, signed))
      checked += 1
      if (event.sequence > last.sequence + 1n) return verdict(last.sequence + 1n)
      if (!isWhole(last, link)) return verdict(event.sequence)
      if (link.checkpoint) {
        if (!isSound(link.checkpoint, event, seal) || !follows(link.checkpoint, lastCheckpoint))
          return verdict(event.sequence)
        lastCheckpoint = checkpointHash(link.checkpoint)
      }
      last = event
      if (checked === most || performance.now() >= until) return verdict(null, false)
    }
  }
  return verdict(brokenEnd(last, head, signed))
}

/** Batch by batch to the end; while one is looked at, the next is on its way. */
async function* batches(read: (place: Place) => Promise<LoggedLink[]>, from: Place): AsyncGenerator<LoggedLink[]> {
  let next = read(from)
  for (;;) {
    const links = await next
    const end = links.at(-1)?.event
    if (!end) return
    next = read(end)
    // Thrown when it is its turn, if it ever is.
    next.catch(() => undefined)
    yield links
  }
}

const isWhole = (previous: Link, { event, detail }: LoggedLink): boolean =>
  event.sequence === previous.sequence + 1n &&
  event.previousHash === previous.hash &&
  event.hash === hashAfter(previous, digestOf(event, event.commitment)) &&
  (detail === null || commitmentTo(detail) === event.commitment)

const isSound = (checkpoint: Checkpoint, { hash }: Link, seal: Seal): boolean =>
  checkpoint.hash === hash && seal.isSigned(checkpoint)

/** Whether it is linked to the checkpoint before, as far as that is known and it is of a kind that is linked. */
const follows = ({ previousHash }: Checkpoint, last: string | undefined): boolean =>
  previousHash === null || last === undefined || previousHash === last

/** The first sequence that is missing, or too much, at the end of the log; null when it ends where it should. */
function brokenEnd(last: Link, head: Link, signed: bigint): bigint | null {
  if (head.sequence > last.sequence || signed > last.sequence) return last.sequence + 1n
  if (head.sequence < last.sequence) return head.sequence + 1n
  return head.hash === last.hash ? null : last.sequence
}
