// How much memory a process holds, as it says itself to whoever watches it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Shape } from '../test/processes.ts'

/** Resident memory in MiB. */
export async function residentMemory({ url }: Shape): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(metrics) ?? []
  if (!bytes) throw new Error('The process does not say how much memory it holds.')
  return Number(bytes) / 2 ** 20
}

/** The most that the process holds while the work is done. */
export async function peakDuring(shape: Shape, work: () => Promise<void>): Promise<number> {
  let peak = 0
  let busy = true
  const watching = (async () => {
    for (; busy; await sleep(500)) peak = Math.max(peak, await residentMemory(shape))
  })()
  try {
    await work()
  } finally {
    busy = false
  }
  await watching
  return peak
}
