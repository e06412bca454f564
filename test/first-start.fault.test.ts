// The first start of everything in one process, and the next ones.
import { expect, test } from 'vitest'
import { command, dataFolder } from './command.ts'

test('the whole starts on an empty folder, survives being killed, and ends with 0 when asked', async () => {
  const env = { DATA_DIR: dataFolder(), PORT: '0' }
  const killed = command([], env)
  await killed.opened()
  killed.child.kill('SIGKILL')
  await killed.exited

  const { child, exited, opened } = command([], env)
  const response = await fetch(await opened(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  })
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  const second = command([], env)
  expect(await second.exited).toBe(1)
  expect(second.errors()).toContain('is already using')
  child.kill('SIGINT')
  expect(await exited).toBe(0)
}, 300_000)
