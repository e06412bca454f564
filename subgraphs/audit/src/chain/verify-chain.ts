// Walks along the chain and compares each link with what it should be; reads in batches, however long the log is.
import type { Context } from '../context.ts'
import { behind, type LoggedLink, type Place } from './chain.store.ts'
import { beginning, commitmentTo, digestOf, hashAfter, type Link } from './link.ts'
import type { Seal } from './seal.ts'

export type Verification = {
  readonly valid: boolean
  readonly checked: number
  readonly firstBrokenSequence: bigint | null
  /** Where the chain ends; null when nothing has been logged. */
  readonly head: Link | null
}

/** Verifies the chain behind a link that is known to be good; all of it, unless told how many links. */
export async function verifyChain(
  { chain, seal }: Context,
  since: Link = beginning,
  most = Number.POSITIVE_INFINITY,
): Promise<Verification> {
  const { head, logged, signed } = await chain.ends(seal.keyId)
  let last = since
  let place: Place = behind(since)
  let checked = 0
  const verdict = (firstBrokenSequence: bigint | null): Verification => ({
    valid: firstBrokenSequence === null,
    checked,
    firstBrokenSequence,
    head: head.sequence === 0n ? null : head,
  })

  for (;;) {
    const links = await chain.linksAfter(place, seal.keyId)
    for (const link of links) {
      const { event } = link
      // What was added since the ends were read is for the next time; a repeated sequence is not.
      if (last.sequence === logged && event.sequence > logged) return verdict(brokenEnd(last, head, signed))
      checked += 1
      if (event.sequence > last.sequence + 1n) return verdict(last.sequence + 1n)
      if (!isWhole(last, link, seal)) return verdict(event.sequence)
      last = event
      place = event
      if (checked === most) return verdict(null)
    }
    if (links.length === 0) return verdict(brokenEnd(last, head, signed))
  }
}

const isWhole = (previous: Link, { event, detail, checkpoint }: LoggedLink, seal: Seal): boolean =>
  event.sequence === previous.sequence + 1n &&
  event.previousHash === previous.hash &&
  event.hash === hashAfter(previous, digestOf(event, event.commitment)) &&
  (detail === null || commitmentTo(detail) === event.commitment) &&
  (checkpoint === null || (checkpoint.hash === event.hash && checkpoint.signature === seal.sign(event)))

/** The first sequence that is missing, or too much, at the end of the log; null when it ends where it should. */
function brokenEnd(last: Link, head: Link, signed: bigint): bigint | null {
  if (head.sequence > last.sequence || signed > last.sequence) return last.sequence + 1n
  if (head.sequence < last.sequence) return head.sequence + 1n
  return head.hash === last.hash ? null : last.sequence
}
