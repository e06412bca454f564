// How a process with an embedded PostgreSQL ends when something in it is broken.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const file = (name: string) => JSON.stringify(join(import.meta.dirname, name))

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test.each([
  ['an error that nobody caught', 'throw new Error("lost")'],
  ['two signals', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => process.kill(process.pid, "SIGTERM"), 100)'],
  ['an exit without a drain', 'process.exit(1)'],
])('%s takes PostgreSQL with it, though another part never drains', async (_, end) => {
  const folder = mkdtempSync('/tmp/switchyard-crash-')
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const script = `
    import { runUntilSignalled } from ${file('run.ts')}
    import { startEmbeddedPostgres } from ${file('../database/embedded.ts')}
    import { createLog } from ${file('../log.ts')}
    const log = createLog('info', 'test')
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(join(folder, 'data'))}, log })
    runUntilSignalled([
      { name: 'stuck', drain: () => new Promise(() => {}) },
      { name: 'databases', drain: server.stop, isProcess: true },
    ], log)
    process.stdout.write('started')
    setInterval(() => {}, 1000)
    setTimeout(() => { ${end} }, 10)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await expect.poll(() => output, { timeout: 60_000 }).toContain('started')
  const pid = Number.parseInt(readFileSync(join(folder, 'data', 'cluster', 'postmaster.pid'), 'utf8'), 10)
  expect(await exited).toEqual([1, null])
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
})
