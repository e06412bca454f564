// Ends the work of an operation before its caller stops waiting, so that the caller is answered and not left in silence.

/** The share of the caller's time after which the work is told to stop; the rest is for the answer to arrive. */
const stopAfter = 0.9
/** The share of it after which a query is given up even if something of it does not listen. */
const giveUpAfter = 0.95

export type OperationTime = {
  /** Milliseconds that the caller waits. */
  readonly timeout: number
  /** Aborted when the caller waits no longer. */
  readonly signal?: AbortSignal | undefined
  readonly isMutation: boolean
}

/**
 * The outcome of the work, or of `giveUp` when the work does not end in time. Its signal is aborted when the time is
 * over or the caller has left. A mutation is not stopped because its caller has left, and never given up before it has
 * ended: either would leave open whether it was done.
 */
export function withinDeadline<T>(
  { timeout, signal: gone, isMutation }: OperationTime,
  work: (signal: AbortSignal) => T | Promise<T>,
  giveUp: () => T,
): Promise<T> {
  const controller = new AbortController()
  return new Promise((resolve, reject) => {
    const stop = () => controller.abort()
    const end = () => {
      stop()
      if (!isMutation) timer = setTimeout(() => resolve(giveUp()), timeout * (giveUpAfter - stopAfter))
    }
    let timer = setTimeout(end, timeout * stopAfter)
    const settle = () => {
      clearTimeout(timer)
      gone?.removeEventListener('abort', stop)
    }
    if (!isMutation) {
      if (gone?.aborted) stop()
      else gone?.addEventListener('abort', stop, { once: true })
    }
    new Promise<T>((done) => done(work(controller.signal))).then(resolve, reject).finally(settle)
  })
}
