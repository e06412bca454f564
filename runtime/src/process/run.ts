// The end of a process: a signal drains its parts one after the other, and it has ended after 15 s whatever they do.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'

export type Part = {
  readonly name: string
  drain(): Promise<void>
  /** Whether it ends a process of its own, and so is given time even where the parts before it have used up theirs. */
  readonly isProcess?: boolean
}

/** For all parts together, but for those that are processes of their own: each of these has time that is set aside. */
const drainTimeoutMs = 10_000
const processTimeoutMs = 3500
const exitTimeoutMs = 14_000

/**
 * Drains `parts` in their order at SIGTERM, SIGINT or an error that nobody caught, then exits; what it returns does the
 * same when asked. The array may still grow while the process starts, so that a signal then ends what has been started.
 */
export function runUntilSignalled(parts: readonly Part[], log: Log): (reason: string, code: number) => Promise<never> {
  let ending: Promise<never> | undefined

  const end = (reason: string, code: number): Promise<never> => {
    ending ??= drainAll(reason, code)
    return ending
  }

  async function drainAll(reason: string, code: number): Promise<never> {
    log.info({ reason }, 'draining')
    setTimeout(() => {
      log.error('draining took too long: leaving')
      process.exit(1)
    }, exitTimeoutMs)
    const deadline = performance.now() + drainTimeoutMs
    let exitCode = code
    for (const part of parts) {
      const timeLeft = part.isProcess ? processTimeoutMs : Math.max(0, deadline - performance.now())
      if (!(await drained(part, timeLeft))) exitCode = 1
    }
    process.exit(exitCode)
  }

  async function drained({ name, drain }: Part, timeLeft: number): Promise<boolean> {
    const timeout = new AbortController()
    try {
      const isLate = sleep(timeLeft, true, { signal: timeout.signal }).catch(() => false)
      if (await Promise.race([drain().then(() => false), isLate])) throw new Error('It took too long.')
      log.debug({ part: name }, 'drained')
      return true
    } catch (error) {
      log.error({ err: error, part: name }, 'could not drain')
      return false
    } finally {
      timeout.abort()
    }
  }
  const signalled = (name: string) => {
    if (!ending) return void end(name, 0)
    log.warn({ reason: name }, 'asked again: leaving at once')
    process.exit(1)
  }
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody caught')
    // While draining, what breaks in passing must not cut off the rest.
    if (!ending) void end('error', 1)
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => signalled(signal))
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  return end
}
