// The live channel over Redis pub/sub.
import type { CommonRedisOptions } from 'ioredis'
import type { Log } from '../log.ts'
import { openRedis } from '../redis.ts'
import { type LiveChannel, wakers } from './live-channel.ts'

const prefix = 'switchyard:live:'

export function redisLiveChannel(url: string, log: Log): LiveChannel {
  const listeners = wakers()
  const client = (options: Pick<CommonRedisOptions, 'commandTimeout' | 'autoResubscribe'>) =>
    openRedis(url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      ...options,
      lost: 'the live channel has lost Redis',
      log,
    })
  const speaker = client({ commandTimeout: 500 })
  // Subscribes by itself on every connection: only after that is it sure that a wake-up misses nothing.
  const ear = client({ autoResubscribe: false })
  ear.on('message', (channel) => listeners.wake(channel.slice(prefix.length)))
  ear.on('ready', () => void subscribe(listeners.subgraphs()))

  async function subscribe(subgraphs: readonly string[]) {
    if (subgraphs.length === 0 || ear.status !== 'ready') return
    try {
      await ear.subscribe(...subgraphs.map((subgraph) => prefix + subgraph))
      for (const subgraph of subgraphs) listeners.wake(subgraph)
    } catch (error) {
      log.warn({ err: error }, 'live events wait for Redis')
    }
  }
  return {
    async announce(subgraph) {
      await speaker
        .publish(prefix + subgraph, '')
        .catch((error: unknown) => log.warn({ err: error, subgraph }, 'live events are not announced'))
    },
    async listen(subgraph, wake) {
      if (listeners.add(subgraph, wake)) await subscribe([subgraph])
      return async () => void listeners.remove(subgraph, wake)
    },
    async close() {
      speaker.disconnect()
      ear.disconnect()
    },
  }
}
