// Where the tests of a run log to: one file, which is searched for personal data when all of them have ended.
import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { createLog, type Log } from '../log.ts'

let destination: ReturnType<typeof pino.destination> | undefined

/** The file of this run; undefined where tests are run without one. */
export const testLogFile = (): string | undefined => process.env.SWITCHYARD_TEST_LOG

/** Writes to the run's file, and prints nothing unless LOG_LEVEL is set. */
export function testLog(role = 'test'): Log {
  const dest = testLogFile()
  if (process.env.LOG_LEVEL || !dest) return createLog(process.env.LOG_LEVEL ?? 'silent', role)
  destination ??= pino.destination({ dest, append: true, sync: true })
  return createLog('info', role, destination)
}

/** What has been logged of a request, by tests of this run. */
export function linesOf(requestId: string): Record<string, unknown>[] {
  const lines = readFileSync(testLogFile() ?? '/dev/null', 'utf8').split('\n')
  return lines.filter((line) => line.includes(`"requestId":"${requestId}"`)).map((line) => JSON.parse(line))
}
