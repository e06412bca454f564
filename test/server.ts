// The servers that all tests share: PostgreSQL (DATABASE_URL, or one of our own), and Redis where it is installed.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@switchyard/runtime/database/embedded'
import { createLog } from '@switchyard/runtime/log'
import { forgetfulServer } from '@switchyard/runtime/testing/database'
import { redisInstalled, startRedis } from '@switchyard/runtime/testing/redis'

/** Run by vitest before the first test; what it returns, after the last one. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'))
  chmodSync(folder, 0o755)
  const database = process.env.DATABASE_URL ? undefined : await ownPostgres(join(folder, 'data'))
  process.env.SWITCHYARD_TEST_DATABASE_URL = database?.url ?? process.env.DATABASE_URL
  const redis = redisInstalled() ? await startRedis() : undefined
  if (redis) process.env.REDIS_TEST_URL = redis.url
  else process.stderr.write('redis-server is not installed: what needs Redis is left out of these tests.\n')
  return async () => {
    await redis?.stop()
    await database?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function ownPostgres(dataDir: string) {
  const server = await startEmbeddedPostgres({ dataDir, log: createLog('silent', 'test') })
  await forgetfulServer(server.url)
  return server
}
