// How a process ends, watched from outside.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const file = (name: string) => JSON.stringify(join(import.meta.dirname, name))

/** A process whose parts are drained by `drains`; resolves once it runs. */
async function start(drains: Record<string, string>, then = '') {
  const parts = Object.entries(drains).map(
    ([name, drain]) => `{ name: '${name}', drain: async () => { console.log('${name}'); ${drain} } }`,
  )
  const script = `
    import { runUntilSignalled } from ${file('run.ts')}
    import { createLog } from ${file('../log.ts')}
    import { setTimeout as sleep } from 'node:timers/promises'
    runUntilSignalled([${parts}], createLog('silent', 'test'))
    setInterval(() => {}, 1000)
    console.log('started')
    ${then}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit').then(([code]) => code as number)
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  await expect.poll(() => said, { timeout: 10_000 }).toContain('started')
  return { child, exited, said: () => said.trim().split('\n').slice(1) }
}

test('a signal drains the parts in their order and leaves with 0', async () => {
  const { child, exited, said } = await start({ door: 'await sleep(50)', workers: '', database: '' })
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(said()).toEqual(['door', 'workers', 'database'])
})

test('a part that cannot drain costs the exit code and nobody else', async () => {
  const { child, exited, said } = await start({ door: 'throw new Error("stuck")', database: '' })
  child.kill('SIGINT')
  expect(await exited).toBe(1)
  expect(said()).toEqual(['door', 'database'])
})

test('two requests to end are one: the second is not impatience', async () => {
  const then =
    "const leave = runUntilSignalled([{ name: 'database', drain: async () => sleep(100) }], createLog('silent', 'test')); leave('a', 0); leave('b', 1)"
  const { exited } = await start({}, then)
  expect(await exited).toBe(0)
})

test('a second signal does not wait', async () => {
  const { child, exited, said } = await start({ door: 'await sleep(60_000)' })
  child.kill('SIGINT')
  await expect.poll(said).toEqual(['door'])
  child.kill('SIGINT')
  expect(await exited).toBe(1)
})

test.each(['setTimeout(() => { throw new Error("lost") })', 'Promise.reject(new Error("lost"))'])(
  'an error that nobody caught drains too, and leaves with 1: %s',
  async (lost) => {
    const { exited, said } = await start({ database: '' }, lost)
    expect(await exited).toBe(1)
    expect(said()).toEqual(['database'])
  },
)
