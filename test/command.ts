// The executable as an operator calls it: with nothing in its environment but what is given.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'

const main = join(import.meta.dirname, '..', 'main.ts')

/** An empty folder, removed with the test. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-main-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Secrets that production accepts. */
export const secrets = () => ({
  AUTH_SECRET: randomBytes(48).toString('base64'),
  INTERNAL_SECRET: randomBytes(48).toString('base64'),
})

/** Starts a role; it is ended with the test. */
export function command(role: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main, ...role], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  /** The address of the gateway, once it listens. */
  const opened = async () => {
    await expect.poll(() => output + errors, { timeout: 150_000 }).toContain('"msg":"Switchyard is open"')
    const line = output.split('\n').find((text) => text.includes('"msg":"Switchyard is open"')) ?? ''
    return (JSON.parse(line) as { url: string }).url
  }
  /** Waits for a line of the log. */
  const logged = (message: string) => expect.poll(() => output, { timeout: 80_000 }).toContain(`"msg":"${message}"`)
  return { child, exited, opened, logged, errors: () => errors }
}
