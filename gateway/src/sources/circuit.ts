// Spares a subgraph that keeps failing, and those who would wait for it, until one probe finds it well again.

/** How many fetches fail in a row, and over which time at least, before a circuit opens: a restart passes unnoticed. */
const fewest = 5
const shortest = 1000
/** How long it then stays open before one fetch is let through. */
const rest = 2000

/** One fetch on its way through; exactly one of these is called when it is over. */
export type Passage = {
  answered(): void
  failed(): void
  /** No answer came in time: a failure only if the subgraph has answered nothing else meanwhile. */
  silent(): void
  /** Nobody waits for the answer any longer, which says nothing of the subgraph. */
  left(): void
}

export type Circuit = {
  /** Undefined while the subgraph is spared. */
  enter(): Passage | undefined
}

export type CircuitOptions = {
  /** Milliseconds of any clock. */
  readonly now: () => number
  readonly onChange: (isOpen: boolean) => void
}

export function createCircuit({ now, onChange }: CircuitOptions): Circuit {
  let failures = 0
  let failingSince = 0
  let openSince: number | undefined
  let isProbed = false
  let answers = 0

  function answered() {
    answers++
    failures = 0
    isProbed = false
    if (openSince === undefined) return
    openSince = undefined
    onChange(false)
  }

  function failed() {
    if (openSince !== undefined) return
    if (failures++ === 0) failingSince = now()
    if (failures < fewest || now() - failingSince < shortest) return
    openSince = now()
    onChange(true)
  }

  function passage(): Passage {
    const before = answers
    return { answered, failed, silent: () => answers === before && failed(), left() {} }
  }
  function probeFailed() {
    isProbed = false
    openSince = now()
  }
  const probe: Passage = {
    answered,
    failed: probeFailed,
    silent: probeFailed,
    left() {
      isProbed = false
    },
  }

  return {
    enter() {
      if (openSince === undefined) return passage()
      if (isProbed || now() - openSince < rest) return undefined
      isProbed = true
      return probe
    },
  }
}
