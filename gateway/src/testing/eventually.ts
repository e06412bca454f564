// Waits for what happens by itself a moment later.
import { setTimeout as wait } from 'node:timers/promises'

/** Resolves once `holds` does; throws when it has not within a second. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 1000; waited += 5) {
    if (holds()) return
    await wait(5)
  }
  throw new Error(`It did not come true within a second: ${holds}`)
}
