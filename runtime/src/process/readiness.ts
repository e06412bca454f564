// Whether a process can serve: everything that it depends on by name, asked at most once a second.
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'

export type Readiness = {
  /** `degraded`: it serves, but something is missing. With `unavailable` and `draining`, send it no requests. */
  readonly status: 'ok' | 'degraded' | 'unavailable' | 'draining'
  /** `ok`, or what is wrong. */
  readonly dependencies: Readonly<Record<string, string>>
}

/** Never rejects. */
export type Check = () => Promise<Readiness>

export const checkTimeoutMs = 1000
const maxAgeMs = 1000
const severity = ['ok', 'degraded', 'unavailable', 'draining'] as const

export type Dependency = {
  readonly name: string
  /** What the process is when something is wrong. */
  readonly failing: 'degraded' | 'unavailable'
  readonly timeoutMs?: number
}

/**
 * Asks one dependency: `ask` resolves to `ok` or to what is wrong, and has a time-out of its own, since the dependency is
 * not asked again before it has answered.
 */
export function dependencyCheck(
  { name, failing, timeoutMs = checkTimeoutMs }: Dependency,
  ask: () => Promise<string | Readiness>,
): Check {
  let pending: Promise<string | Readiness> | undefined
  return async () => {
    pending ??= ask()
      .catch(() => 'does not answer')
      .finally(() => {
        pending = undefined
      })
    const late = new AbortController()
    const timeout = sleep(timeoutMs, 'does not answer', { signal: late.signal, ref: false })
    timeout.catch(() => undefined)
    const found = await Promise.race([pending, timeout])
    late.abort()
    if (typeof found !== 'string') return found
    return { status: found === 'ok' ? 'ok' : failing, dependencies: { [name]: found } }
  }
}

export function combined(all: readonly Readiness[]): Readiness {
  const worst = Math.max(0, ...all.map(({ status }) => severity.indexOf(status)))
  return {
    status: severity[worst] ?? 'unavailable',
    dependencies: Object.assign({}, ...all.map(({ dependencies }) => dependencies)),
  }
}

/** All checks together. Whoever asks within a second of the last answer is given that one; changes are logged. */
export function readiness(checks: readonly Check[], log: Log): Check {
  let known: Promise<Readiness> | undefined
  let last: Readiness['dependencies'] = {}

  async function ask(): Promise<Readiness> {
    const found = combined(await Promise.all(checks.map((check) => check())))
    for (const [dependency, state] of Object.entries(found.dependencies)) {
      const before = last[dependency] ?? 'ok'
      if (state === before) continue
      if (state === 'ok') log.info({ dependency }, 'a dependency is available again')
      else log.warn({ dependency, reason: state }, 'a dependency is unavailable')
    }
    last = found.dependencies
    return found
  }
  return () => {
    if (known) return known
    const asked = ask()
    known = asked
    const forget = () => setTimeout(() => (known = undefined), maxAgeMs).unref()
    void asked.then(forget, forget)
    return asked
  }
}

export function sendReadiness(response: ServerResponse, found: Readiness): void {
  const status = found.status === 'ok' || found.status === 'degraded' ? 200 : 503
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(found))
}
