// Hands out a bounded number of connections so that no single user can take them all from the others.
import { StatementCancelled } from './cancel.ts'

/** Who wants a connection: all requests of one viewer, or all jobs. */
export type ConnectionUser = {
  readonly key: string
  /** How many connections this user may hold at once. */
  readonly max: number
}

type Waiter<Connection> = { readonly user: ConnectionUser; readonly run: (connection: Connection) => void }

export type ConnectionQueue<Connection> = {
  /** Runs the work with a connection, when there is one; rejects when the signal is aborted before. */
  use<T>(
    user: ConnectionUser,
    signal: AbortSignal | undefined,
    work: (connection: Connection) => Promise<T>,
  ): Promise<T>
}

/** A connection that becomes free goes to the user who holds the fewest, among equals to the one who waits longest. */
export function connectionQueue<Connection>(connections: readonly Connection[]): ConnectionQueue<Connection> {
  // The connection used last is used next: what is not needed for a while is closed.
  const free = [...connections]
  const held = new Map<string, number>()
  const waiting = new Set<Waiter<Connection>>()

  const heldBy = (user: ConnectionUser) => held.get(user.key) ?? 0

  function take(user: ConnectionUser): Connection | undefined {
    if (heldBy(user) >= user.max) return undefined
    const connection = free.pop()
    if (connection !== undefined) held.set(user.key, heldBy(user) + 1)
    return connection
  }

  function next(): Waiter<Connection> | undefined {
    let chosen: Waiter<Connection> | undefined
    for (const waiter of waiting) {
      const count = heldBy(waiter.user)
      if (count < waiter.user.max && (!chosen || count < heldBy(chosen.user))) chosen = waiter
    }
    return chosen
  }

  function giveBack(connection: Connection, user: ConnectionUser) {
    free.push(connection)
    const left = heldBy(user) - 1
    if (left > 0) held.set(user.key, left)
    else held.delete(user.key)
    const waiter = next()
    if (!waiter) return
    waiting.delete(waiter)
    waiter.run(take(waiter.user) as Connection)
  }

  const wait = (user: ConnectionUser, signal: AbortSignal | undefined) =>
    new Promise<Connection>((resolve, reject) => {
      const leave = () => {
        waiting.delete(waiter)
        reject(new StatementCancelled())
      }
      const waiter: Waiter<Connection> = {
        user,
        run(connection) {
          signal?.removeEventListener('abort', leave)
          resolve(connection)
        },
      }
      waiting.add(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })

  return {
    async use(user, signal, work) {
      if (signal?.aborted) throw new StatementCancelled()
      const connection = take(user) ?? (await wait(user, signal))
      try {
        return await work(connection)
      } finally {
        giveBack(connection, user)
      }
    },
  }
}
