// Hashes passwords in threads of their own, which leave one processor and Node's thread pool to everything else.
import { availableParallelism } from 'node:os'
import type { Metrics } from '@switchyard/runtime/metrics'
import { Piscina } from 'piscina'
import type { Comparison, Hashing } from './argon2.worker.ts'
import { createHashingQueue, type Place, type QueueLimits, type Requester } from './hashing-queue.ts'
import { cost, dummyHash, maxLength } from './password.ts'

export type PasswordHashing = ReturnType<typeof passwordHashing>

/** A place in the queue, with what can be done in it, once. */
export type HashingPlace = Pick<Place, 'leave'> & {
  hash(password: string): Promise<string>
  /** Whether the password is the one whose hash is known; without a hash it takes as long to say no. */
  verify(password: string, hash: string | null): Promise<boolean>
}

const concurrency = Math.max(1, availableParallelism() - 1)
// a hash takes 8 to 50 ms: whoever is last in a full queue waits for less than two seconds
const defaultLimits: QueueLimits = { concurrency, max: 40 * concurrency, maxPerClient: 20, maxPerAccount: 10 }
const idleTimeoutMs = 60_000

export function passwordHashing(metrics: Pick<Metrics, 'passwordHashes'>, limits: QueueLimits = defaultLimits) {
  const queue = createHashingQueue(limits)
  const threads = new Piscina<Hashing | Comparison, string | boolean>({
    filename: new URL('./argon2.worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: limits.concurrency,
    idleTimeout: idleTimeoutMs,
  })
  const report = () => {
    for (const [state, count] of Object.entries(queue.load())) metrics.passwordHashes.set({ state }, count)
  }

  return {
    /** Throws RATE_LIMITED at once where the queue is full. */
    enter(requester: Requester, signal: AbortSignal | undefined): HashingPlace {
      const place = queue.enter(requester)
      report()
      return {
        hash: (password) =>
          place.run(signal, () => threads.run({ password, options: cost }, { name: 'hash' }) as Promise<string>),
        async verify(password, hash) {
          const comparison = { password: password.slice(0, maxLength + 1), hash: hash ?? dummyHash }
          const isRight = await place.run(signal, () => threads.run(comparison, { name: 'verify' }) as Promise<boolean>)
          return isRight && hash !== null
        },
        leave() {
          place.leave()
          report()
        },
      }
    },

    [Symbol.asyncDispose]: () => threads.destroy(),
  }
}
