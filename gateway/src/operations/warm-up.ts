// Plans the known operations ahead of their first client, one at a time, whenever nothing else is to be done.
import { setImmediate as pause } from 'node:timers/promises'
import type { Log } from '@switchyard/runtime/log'
import type { Plans } from '../plans.ts'
import type { OperationManifest } from './manifest.ts'

/** Runs beside the first requests; nobody waits for it, nor does it keep the process alive. */
export async function warmUp(plans: Plans, manifest: OperationManifest, log: Log, stopped: AbortSignal): Promise<void> {
  for (const { name, source } of manifest) {
    await pause(undefined, { ref: false })
    if (stopped.aborted) return
    const document = plans.known(source)
    const { errors, plan } = plans.prepared(document)
    if (errors.length > 0) log.warn({ operation: name, err: errors[0] }, 'A known operation does not fit the graph.')
    else plan(name)
  }
}
