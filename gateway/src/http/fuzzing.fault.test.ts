// The gateway and a subgraph, sent ten thousand things that no client should send.
import { readFileSync } from 'node:fs'
import { CounterExecutor } from '@switchyard/runtime/testing/counter-executor'
import { serve } from '@switchyard/runtime/testing/counter-link'
import { attack, seeded } from '@switchyard/runtime/testing/fuzz'
import { testLogFile } from '@switchyard/runtime/testing/log'
import { expect, onTestFinished, test } from 'vitest'
import { world } from '../testing/world.ts'

const rounds = 250
const atOnce = 20

/** What has been logged as a fault of ours since this many bytes. */
const faultsSince = (start: number) =>
  logged()
    .subarray(start)
    .toString()
    .split('\n')
    .filter((line) => /^\{"level":[56]0/.test(line))

const logged = () => readFileSync(testLogFile() ?? '/dev/null')

test('ten thousand random requests, upgrades, frames and resets leave the gateway and a subgraph as they were', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now())
  const app = await world({ config: { sockets: { perAddress: 10_000, perViewer: 20 } } })
  onTestFinished(() => app.gateway.drain())
  const subgraph = await serve(new CounterExecutor())
  const start = logged().length
  const uncaught: unknown[] = []
  const remember = (error: unknown) => void uncaught.push(error)
  process.on('uncaughtExceptionMonitor', remember)
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', remember))

  const random = seeded(seed)
  for (let round = 0; round < rounds; round++) {
    for (const { port } of [app.gateway, subgraph]) {
      await Promise.all(Array.from({ length: atOnce }, () => attack(port, random)))
    }
    expect(uncaught, `FUZZ_SEED=${seed}`).toEqual([])
  }

  expect((await app.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } })
  const health = await fetch(`http://127.0.0.1:${subgraph.port}/health`)
  expect(await health.json()).toEqual({ status: 'ok' })
  expect(faultsSince(start), `FUZZ_SEED=${seed}`).toEqual([])
})
