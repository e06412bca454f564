// The servers that all tests share: PostgreSQL (DATABASE_URL, or one of our own), and Redis where it is installed.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@switchyard/runtime/database/embedded'
import { createLog } from '@switchyard/runtime/log'
import { forgetfulServer } from '@switchyard/runtime/testing/database'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'
import { searchLog } from './log-search.ts'

/** Run by vitest before the first test; what it returns, after the last one. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'))
  chmodSync(folder, 0o755)
  const database = process.env.DATABASE_URL ? undefined : await ownPostgres(join(folder, 'data'))
  process.env.SWITCHYARD_TEST_DATABASE_URL = database?.url ?? process.env.DATABASE_URL
  process.env.SWITCHYARD_TEST_LOG = join(folder, 'tests.log')
  const redis = redisInstalled() ? await startRedis() : undefined
  if (redis) process.env.REDIS_TEST_URL = redis.url
  else process.stderr.write('redis-server is not installed: what needs Redis is left out of these tests.\n')
  const cutShort = () => void (database && kill(join(folder, 'data', 'cluster', 'postmaster.pid')))
  process.once('exit', cutShort)
  // vitest itself hears of Ctrl-C only
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
  return async () => {
    process.off('exit', cutShort)
    await redis?.stop()
    await database?.stop()
    try {
      searchLog(join(folder, 'tests.log'))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Ends a PostgreSQL of which nobody will need the data, when there is no time to wait for it. */
function kill(pidFile: string): void {
  const [pid] = readFileSync(pidFile, 'utf8').split('\n')
  process.kill(Number(pid), 'SIGQUIT')
}

async function ownPostgres(dataDir: string) {
  const server = await startEmbeddedPostgres({ dataDir, log: createLog('silent', 'test') })
  await forgetfulServer(server.url)
  return server
}
