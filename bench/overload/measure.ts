// The latency of probes while the service is quiet and while it is loaded, in turn within one run.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Shape } from '../../test/processes.ts'
import { residentMemory } from '../memory.ts'
import type { Probe, Scenario } from './scenario.ts'

export type Figures = {
  readonly p50: number
  readonly p95: number
  readonly worst: number
  readonly requests: number
  readonly failures: number
}

export type Measured = {
  /** By probe. */
  readonly quiet: Readonly<Record<string, Figures>>
  readonly loaded: Readonly<Record<string, Figures>>
  /** MiB of the gateway's process. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number }
  /** What the load reports of itself, a sentence for each round. */
  readonly load: readonly string[]
}

type Durations = { times: number[]; failures: number }

const rounds = 2
const phaseSeconds = 8
const pauseMilliseconds = 20

export async function measureScenario(scenario: Scenario<unknown>, file: string, shape: Shape): Promise<Measured> {
  const { probes, input } = await scenario.prepare(shape)
  await probeFor(probes, 2)
  const before = await residentMemory(shape)
  let peak = before
  const quiet: Record<string, Durations>[] = []
  const loaded: Record<string, Durations>[] = []
  const load: string[] = []
  for (let round = 0; round < rounds; round++) {
    quiet.push(await probeFor(probes, phaseSeconds))
    const thread = new Worker(new URL('load-thread.ts', import.meta.url), { workerData: { file, input } })
    const report = once(thread, 'message')
    // The load is at full strength before it is measured.
    await sleep(1000)
    loaded.push(await probeFor(probes, phaseSeconds))
    peak = Math.max(peak, await residentMemory(shape))
    thread.postMessage('end')
    load.push(String((await report)[0]))
    await thread.terminate()
    await sleep(2000)
  }
  return {
    quiet: summarised(quiet),
    loaded: summarised(loaded),
    memory: { before, peak, after: await residentMemory(shape) },
    load,
  }
}

/** Each probe in a loop of its own, one request at a time. */
async function probeFor(probes: Readonly<Record<string, Probe>>, seconds: number): Promise<Record<string, Durations>> {
  const end = performance.now() + seconds * 1000
  const measured = Object.entries(probes).map(async ([name, probe]) => {
    const durations: Durations = { times: [], failures: 0 }
    while (performance.now() < end) {
      const began = performance.now()
      await probe().catch(() => durations.failures++)
      durations.times.push(performance.now() - began)
      await sleep(pauseMilliseconds)
    }
    return [name, durations] as const
  })
  return Object.fromEntries(await Promise.all(measured))
}

function summarised(phases: readonly Record<string, Durations>[]): Record<string, Figures> {
  const names = Object.keys(phases[0] ?? {})
  return Object.fromEntries(
    names.map((name) => {
      const times = phases.flatMap((phase) => phase[name]?.times ?? []).sort((a, b) => a - b)
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
      const failures = phases.reduce((sum, phase) => sum + (phase[name]?.failures ?? 0), 0)
      return [name, { p50: at(0.5), p95: at(0.95), worst: at(1), requests: times.length, failures }]
    }),
  )
}
