// Runs the load of one scenario beside the probes, so that neither waits for the other's event loop.
import { parentPort, workerData } from 'node:worker_threads'
import type { Scenario } from './scenario.ts'

type Data = { readonly file: string; readonly input: unknown }

const { file, input } = workerData as Data
const { default: scenario } = (await import(file)) as { default: Scenario<unknown> }
const ends = new AbortController()
parentPort?.once('message', () => ends.abort())
parentPort?.postMessage(await scenario.load(input, ends.signal))
