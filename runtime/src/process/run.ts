// The end of a process: a signal drains its parts one after the other, and no part may keep it for more than 14 s.
import type { Log } from '../log.ts'

export type Part = { readonly name: string; drain(): Promise<void> }

const graceMilliseconds = 14_000

/**
 * Drains `parts` in their order at SIGTERM, SIGINT or an error that nobody caught, then exits; what it returns does the
 * same when asked. The array may still grow while the process starts, so that a signal then ends what has been started.
 */
export function runUntilSignalled(parts: readonly Part[], log: Log): (reason: string, code: number) => Promise<never> {
  let ending = false

  const end = async (reason: string, code: number): Promise<never> => {
    if (ending) {
      log.warn({ reason }, 'asked again: leaving at once')
      process.exit(1)
    }
    ending = true
    log.info({ reason }, 'draining')
    setTimeout(() => {
      log.error('draining took too long: leaving')
      process.exit(1)
    }, graceMilliseconds)
    let failed = code
    for (const part of parts) {
      await part.drain().catch((error: unknown) => {
        log.error({ err: error, part: part.name }, 'could not drain')
        failed = 1
      })
      log.debug({ part: part.name }, 'drained')
    }
    process.exit(failed)
  }
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'an error that nobody caught')
    // While draining, what breaks in passing must not cut off the rest.
    if (!ending) void end('error', 1)
  }

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(signal, 0))
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  return end
}
