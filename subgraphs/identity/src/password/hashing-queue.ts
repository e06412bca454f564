// Decides whose password is hashed next: so many at once, so many waiting, and the clients take turns.
import { rateLimited } from '@switchyard/runtime/errors'

export type Requester = {
  readonly client: string
  /** The account whose password it is. */
  readonly account: string
  /** Whether the client has proven before that it may use the account: it waits among its like, whoever else comes. */
  readonly isKnown: boolean
}

/** How many may be in the queue, running ones included, of known requesters and of all others each. */
export type QueueLimits = {
  readonly concurrency: number
  readonly max: number
  readonly maxPerClient: number
  readonly maxPerAccount: number
}

/** A place in the queue, taken before anything is asked of the database, so that a flood does not reach that either. */
export type Place = {
  /** Does the work when its turn comes; rejects without having done it when the signal is aborted before. */
  run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>
  leave(): void
}

type Waiting = { readonly lane: string; readonly start: () => void }
type Counts = Map<string, number>
type Group = {
  readonly lanes: Map<string, Set<Waiting>>
  readonly clients: Counts
  readonly accounts: Counts
  size: number
}

const retryAfterSeconds = 1

export function createHashingQueue({ concurrency, max, maxPerClient, maxPerAccount }: QueueLimits) {
  // those who take turns; the group whose turn is next stands first
  const groups = [emptyGroup(), emptyGroup()]
  const [known, unknown] = groups as [Group, Group]
  let running = 0

  function startNext(): void {
    if (running >= concurrency) return
    const group = groups.find(({ lanes }) => lanes.size > 0)
    const [lane, [first] = []] = group?.lanes.entries().next().value ?? []
    if (!group || lane === undefined || !first) return
    remove(group, first)
    const rest = group.lanes.get(lane)
    if (rest) {
      // to the end of the line: whoever else waits comes first
      group.lanes.delete(lane)
      group.lanes.set(lane, rest)
    }
    if (groups[0] === group) groups.reverse()
    running++
    first.start()
  }

  function turn(group: Group, lane: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        remove(group, waiting)
        reject(rateLimited(retryAfterSeconds))
      }
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const waiting: Waiting = { lane, start }
      if (signal?.aborted) return reject(rateLimited(retryAfterSeconds))
      signal?.addEventListener('abort', leave, { once: true })
      group.lanes.set(lane, (group.lanes.get(lane) ?? new Set()).add(waiting))
      startNext()
    })
  }

  return {
    /** Throws RATE_LIMITED at once where there is no place. */
    enter({ client, account, isKnown }: Requester): Place {
      const group = isKnown ? known : unknown
      const lane = JSON.stringify([client, account])
      const isFull =
        group.size >= max ||
        countOf(group.clients, client) >= maxPerClient ||
        countOf(group.accounts, lane) >= maxPerAccount
      if (isFull) throw rateLimited(retryAfterSeconds)
      const count = (by: 1 | -1) => {
        group.size += by
        add(group.clients, client, by)
        add(group.accounts, lane, by)
      }
      count(1)
      let isOver = false
      return {
        async run(signal, work) {
          await turn(group, lane, signal)
          try {
            return await work()
          } finally {
            running--
            startNext()
          }
        },
        leave() {
          if (!isOver) count(-1)
          isOver = true
        },
      }
    },

    /** How many passwords are being hashed, and how many others have a place. */
    load: () => ({ running, waiting: known.size + unknown.size - running }),
  }
}

const emptyGroup = (): Group => ({ lanes: new Map(), clients: new Map(), accounts: new Map(), size: 0 })

const countOf = (counts: Counts, key: string) => counts.get(key) ?? 0

function add(counts: Counts, key: string, by: 1 | -1): void {
  const count = countOf(counts, key) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}

function remove({ lanes }: Group, waiting: Waiting): void {
  const lane = lanes.get(waiting.lane)
  lane?.delete(waiting)
  if (lane?.size === 0) lanes.delete(waiting.lane)
}
