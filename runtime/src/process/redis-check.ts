// Whether Redis answers, keeps what it is given, and has room.
import type { Log } from '../log.ts'
import { openRedis } from '../redis.ts'
import { type Check, checkTimeoutMs, dependencyCheck } from './readiness.ts'

const maxMemoryUsed = 0.95

export type RedisCheck = { readonly check: Check; close(): void }

/**
 * `failing` is what the process is without Redis. One that evicts keys is never ready: it loses jobs without a word, and
 * is a fault of its configuration.
 */
export function redisCheck(url: string, failing: 'degraded' | 'unavailable', log: Log): RedisCheck {
  const client = openRedis(url, {
    commandTimeout: checkTimeoutMs,
    maxRetriesPerRequest: 1,
    lost: 'the readiness check has lost Redis',
    log,
  })
  const ask = async () => {
    const memory = fieldsOf(await client.info('memory'))
    const policy = memory.get('maxmemory_policy')
    if (policy !== undefined && policy !== 'noeviction') {
      const reason = `maxmemory-policy is ${policy}, so that Redis may drop jobs: set it to noeviction`
      return { status: 'unavailable', dependencies: { redis: reason } } as const
    }
    const [used, limit] = [Number(memory.get('used_memory')), Number(memory.get('maxmemory'))]
    if (limit > 0 && used >= maxMemoryUsed * limit) {
      return `${Math.round((100 * used) / limit)} % of its memory is used: raise maxmemory`
    }
    return 'ok'
  }
  return { check: dependencyCheck({ name: 'redis', failing }, ask), close: () => client.disconnect() }
}

const fieldsOf = (info: string): ReadonlyMap<string, string> =>
  new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [name, value] = line.split(':')
      return name && value ? [[name, value] as const] : []
    }),
  )
