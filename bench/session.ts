// A session of the demo world's administrator, and the moment when the demo world has come to rest.
import { setTimeout as sleep } from 'node:timers/promises'
import { graph } from '../graph.ts'
import type { Shape } from '../test/processes.ts'
import { openSession, type Session } from '../test/session.ts'

export async function administrator({ url }: Shape): Promise<Session> {
  const input = { email: 'admin@demo.example', password: 'switchyard-demo' }
  const nobody = openSession(url, undefined, () => undefined)
  const { login } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
  return openSession(url, login.accessToken, () => undefined)
}

/** Waits until every event has been heard by whoever reacts to it, and no job is due any more. */
export async function atRest(shape: Shape): Promise<void> {
  const waiting = graph
    .flatMap(({ name }) => [
      `select from ${name}.outbox where position is null`,
      `select from ${name}.dispatches where due_at is null or due_at < now()`,
    ])
    .map((some) => `exists (${some})`)
  for (;;) {
    const [row] = await shape.rows(`select ${waiting.join(' or ')} as busy`)
    if (!row?.busy) return
    await sleep(500)
  }
}
