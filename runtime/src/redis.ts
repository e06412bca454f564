// A client of Redis that finds out by itself that nobody answers: on a connection that is open and dead, too.
import { type CommonRedisOptions, Redis } from 'ioredis'
import type { Log } from './log.ts'

/** Longer than any command that does not block. */
export const redisTimeoutMs = 5000
const keepAliveMs = 10_000
const maxRetryMs = 1000

type ClientOptions = Omit<CommonRedisOptions, 'replyMapping'>

export type RedisSettings = ClientOptions & { readonly lost: string; readonly log: Log }

/** `lost` is what is logged when the connection fails; it is opened again without end. */
export function openRedis(url: string, options: RedisSettings): Redis {
  const { lost, log, ...rest } = options
  const merged: ClientOptions = {
    // While a command is pending: this long without a byte, and the connection is closed and opened again.
    socketTimeout: redisTimeoutMs,
    connectTimeout: redisTimeoutMs,
    keepAlive: keepAliveMs,
    retryStrategy: (times) => Math.min(50 * 2 ** times, maxRetryMs),
    ...rest,
  }
  const client = new Redis(url, merged)
  client.on('error', (error) => log.warn({ err: error }, lost))
  // A subscriber's connection, or one that is seldom used, is asked now and then whether it still lives.
  const ask = () => client.status === 'ready' && client.ping().catch(() => undefined)
  const timer = setInterval(ask, keepAliveMs).unref()
  client.once('end', () => clearInterval(timer))
  return client
}
