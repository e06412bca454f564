// A bound on waiting: the work is told to stop, and even if it does not listen nobody waits for it any longer.

export class DeadlinePassed extends Error {
  override name = 'DeadlinePassed'
}

/** The work's answer; rejects after `milliseconds`, or as soon as `gone` is aborted. */
export async function withDeadline<T>(
  milliseconds: number,
  gone: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort(new DeadlinePassed('The client has gone away.'))
  const timer = setTimeout(
    () => controller.abort(new DeadlinePassed(`No answer within ${milliseconds} ms.`)),
    milliseconds,
  )
  gone?.addEventListener('abort', abort, { once: true })
  if (gone?.aborted) abort()
  try {
    const aborted = new Promise<never>((_, reject) => {
      const refuse = () => reject(controller.signal.reason as DeadlinePassed)
      if (controller.signal.aborted) refuse()
      else controller.signal.addEventListener('abort', refuse, { once: true })
    })
    return await Promise.race([work(controller.signal), aborted])
  } finally {
    clearTimeout(timer)
    gone?.removeEventListener('abort', abort)
  }
}
