// A Redis of a test's own, which it may stop and start again on the same port.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export type TestRedis = {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  /** Changes one of its settings until it is stopped. */
  configure(setting: string, value: string): Promise<void>
}

export const redisInstalled = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** Starts a Redis that keeps nothing on disk: a stop forgets all of its data. */
export async function startRedis(password?: string): Promise<TestRedis> {
  const port = await freePort()
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    tmpdir(),
    ...(password ? ['--requirepass', password] : []),
  ]
  let server: ChildProcess | undefined
  async function start() {
    server = spawn('redis-server', settings, { stdio: 'ignore' })
    await untilAnswered(url)
  }
  async function stop() {
    const stopping = server
    server = undefined
    if (!stopping || stopping.exitCode !== null) return
    stopping.kill('SIGKILL')
    await once(stopping, 'exit')
  }
  // tests that are cut short leave no server behind
  process.once('exit', () => server?.kill('SIGKILL'))
  await start()
  async function configure(setting: string, value: string) {
    const client = new Redis(url)
    await client.config('SET', setting, value)
    client.disconnect()
  }
  return { url, start, stop, configure }
}

async function untilAnswered(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20 })
  client.on('error', () => undefined)
  await Promise.race([client.ping(), sleep(5000).then(() => Promise.reject(new Error('redis-server does not answer')))])
  client.disconnect()
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
