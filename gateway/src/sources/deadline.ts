// A bound on waiting: the work is told to stop, and even if it does not listen nobody waits for it any longer.

export class DeadlinePassed extends Error {
  override name = 'DeadlinePassed'
}

/** The work's answer; rejects after `milliseconds`, or as soon as `gone` is aborted. */
export function withDeadline<T>(
  milliseconds: number,
  gone: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController()
    const stop = (why: string) => {
      settle()
      const reason = new DeadlinePassed(why)
      reject(reason)
      controller.abort(reason)
    }
    const leave = () => stop('The client has gone away.')
    const timer = setTimeout(stop, milliseconds, `No answer within ${milliseconds} ms.`)
    const settle = () => {
      clearTimeout(timer)
      gone?.removeEventListener('abort', leave)
    }
    if (gone?.aborted) return leave()
    gone?.addEventListener('abort', leave, { once: true })
    work(controller.signal).then(
      (answer) => {
        settle()
        resolve(answer)
      },
      (error: unknown) => {
        settle()
        reject(error)
      },
    )
  })
}
