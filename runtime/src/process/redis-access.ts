// Whether Redis lets this process in: a wrong password is a wrong REDIS_URL, a Redis that is away is an outage.
import { Redis } from 'ioredis'
import { ConfigError } from '../config/config-error.ts'

const connectTimeoutMs = 2000
const refused = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password|ERR Client sent AUTH)/

/** Throws a ConfigError when Redis answers and refuses the user or the password of `url`. */
export async function checkRedisAccess(url: string | undefined): Promise<void> {
  if (url === undefined) return
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectTimeoutMs,
    commandTimeout: connectTimeoutMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  })
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    errors.push(error)
  } finally {
    client.disconnect()
  }
  const refusal = errors.find((error) => error instanceof Error && refused.test(error.message))
  if (refusal) {
    throw new ConfigError(`REDIS_URL: ${new URL(url).host} refuses its user or password: correct them in the URL`)
  }
}
