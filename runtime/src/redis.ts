// A client of Redis that finds out by itself that nobody answers: on a connection that is open and dead, too.
import { setTimeout as sleep } from 'node:timers/promises'
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
  const timer = setInterval(() => void heartbeat(client), keepAliveMs).unref()
  client.once('end', () => clearInterval(timer))
  return client
}

/**
 * Also a subscriber's connection, or one that is seldom used, must answer. Another answer means that bytes were lost in
 * between, so that each command would get the answer to another one: such a connection is opened again, too.
 */
async function heartbeat(client: Redis): Promise<void> {
  if (client.status !== 'ready') return
  const { stream } = client
  const late = new AbortController()
  const timeout = sleep(redisTimeoutMs, 'no answer', { signal: late.signal, ref: false })
  timeout.catch(() => undefined)
  const answer = await Promise.race([client.ping(), timeout]).catch(() => 'no answer')
  late.abort()
  if (!/^pong/i.test(String(answer)) && client.stream === stream) stream.destroy(new Error('Redis gave no PONG.'))
}
