// Counts requests by key in fixed windows: one count for all processes on Redis when there is one, else one per process.
import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Log } from '../log.ts'
import { openRedis } from '../redis.ts'

export type RateLimitRule = { readonly max: number; readonly windowSeconds: number }

export type RateLimitState = {
  readonly isAllowed: boolean
  readonly remaining: number
  /** Until the window ends and the count begins again. */
  readonly resetSeconds: number
}

export type RateLimiter = {
  /** Counts a request, or several points; `key` names the purpose, too, such as `login:` before an address. */
  rateLimit(key: string, rule: RateLimitRule, points?: number): Promise<RateLimitState>
  /** Takes one request back that was counted. */
  refund(key: string, rule: RateLimitRule): Promise<void>
  close(): void
}

type Counter = { count(key: string, points: number): Promise<RateLimitState> }

const connectTimeoutMs = 1000
const commandTimeoutMs = 500
/** After a failed command, Redis is not asked for so long: no request waits for a server that does not answer. */
const retryRedisAfterMs = 5000

type Options = { readonly redisUrl: string | undefined; readonly log: Log }

/** Connected to Redis, if that answers soon. While it does not, each process counts for itself. */
export async function openRateLimiter({ redisUrl, log }: Options): Promise<RateLimiter> {
  const redis = redisUrl === undefined ? undefined : await connect(redisUrl, log)
  const counters = new Map<string, Counter>()

  function counterOf(rule: RateLimitRule): Counter {
    const key = `${rule.max}/${rule.windowSeconds}`
    const known = counters.get(key)
    if (known) return known
    const memory = memoryCounter(rule)
    const counter = redis ? redisCounter(redis, rule, memory) : memory
    counters.set(key, counter)
    return counter
  }

  return {
    rateLimit: (key, rule, points = 1) => counterOf(rule).count(key, points),
    refund: async (key, rule) => void (await counterOf(rule).count(key, -1)),
    close: () => redis?.disconnect(),
  }
}

async function connect(url: string, log: Log): Promise<Redis> {
  const client = openRedis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(100 * 2 ** times, 5000),
    lost: 'the rate limiter has lost Redis: each process counts alone',
    log,
  })
  await once(client, 'ready', { signal: AbortSignal.timeout(connectTimeoutMs) }).catch(() => {})
  return client
}

function memoryCounter({ max, windowSeconds }: RateLimitRule): Counter {
  const limiter = new RateLimiterMemory({ points: max, duration: windowSeconds })
  return { count: (key, points) => consumed(limiter, key, points) }
}

function redisCounter(client: Redis, { max, windowSeconds }: RateLimitRule, fallback: Counter): Counter {
  const limiter = new RateLimiterRedis({
    storeClient: client,
    // without the maximum: processes that are configured differently still share the count
    keyPrefix: `switchyard:rate:${windowSeconds}`,
    points: max,
    duration: windowSeconds,
    // a client that is over its limit costs no more commands until the window ends
    inMemoryBlockOnConsumed: max + 1,
  })
  let retryAt = 0
  return {
    async count(key, points) {
      if (client.status !== 'ready' || performance.now() < retryAt) return fallback.count(key, points)
      try {
        return await consumed(limiter, key, points)
      } catch {
        retryAt = performance.now() + retryRedisAfterMs
        return fallback.count(key, points)
      }
    },
  }
}

/** The library rejects with its result when the limit is passed. */
const consumed = (limiter: RateLimiterAbstract, key: string, points: number): Promise<RateLimitState> =>
  limiter.consume(key, points).then(
    (result) => stateOf(true, limiter, result),
    (refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return stateOf(false, limiter, refusal)
      throw refusal
    },
  )

const stateOf = (
  isAllowed: boolean,
  { points, duration }: RateLimiterAbstract,
  { consumedPoints, msBeforeNext }: RateLimiterRes,
): RateLimitState => ({
  isAllowed,
  remaining: isAllowed ? Math.min(points, points - consumedPoints) : 0,
  resetSeconds: msBeforeNext > 0 ? Math.ceil(msBeforeNext / 1000) : duration,
})
