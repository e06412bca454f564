import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { world } from '@switchyard/test'
import { describe, expect, it, vi } from 'vitest'
import { anEvent, startWriter } from '../testing/writer.ts'

const script = fileURLToPath(new URL('../testing/writing-process.ts', import.meta.url))

async function chained() {
  const { app, admin } = await world()
  await app.settled()
  const { sql } = app.subgraph('audit').database
  const count = async () => Number((await sql`select count(*) from audit.events`)[0]?.count)
  /** Waits until the log is longer than that. */
  const beyond = (length: number) =>
    vi.waitFor(async () => expect(await count()).toBeGreaterThan(length), { timeout: 30_000, interval: 10 })
  /** Every event has its place, the places have no gap, every detail its event. */
  async function whole() {
    const [figures] = await sql`
      select count(*)::int as count, max(sequence)::int as last, (select count(*)::int from audit.details) as details
      from audit.events`
    expect(figures).toEqual({ count: figures?.count, last: figures?.count, details: figures?.count })
    const { verifyAuditChain } = await app.as(admin).ok('VerifyAuditChain')
    expect(verifyAuditChain).toMatchObject({ valid: true, checked: figures?.count })
  }
  /** What a writer had sent before it was killed may be committed a moment after it, between the two looks. */
  const expectWhole = () => vi.waitFor(whole, { timeout: 5000, interval: 50 })
  return { app, count, beyond, expectWhole }
}

describe('the chain has no gap', () => {
  it('when fifty write to it at once, some of them the same', async () => {
    const { app, count, expectWhole } = await chained()
    const before = await count()
    const writer = startWriter(app.database.url, 50)
    const once = Array.from({ length: 500 }, anEvent)
    const twice = once.filter((_, index) => index % 5 === 0)
    await Promise.all([...once, ...twice].map(writer.log))
    await writer.stop()
    expect(await count()).toBe(before + 500)
    await expectWhole()
  })

  it('when writers are killed wherever they happen to be', async () => {
    const { app, beyond, expectWhole, count } = await chained()
    for (let round = 0; round < 3; round++) {
      const before = await count()
      const child = spawn(process.execPath, [script, app.database.url], { stdio: ['ignore', 'ignore', 'inherit'] })
      await beyond(before + 20)
      await sleep(Math.random() * 50)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await expectWhole()
    }
  }, 120_000)

  it('when the database ends the connections of all writers in the middle of their work', async () => {
    const { app, beyond, expectWhole, count } = await chained()
    const before = await count()
    const writer = startWriter(app.database.url, 20)
    const events = Array.from({ length: 300 }, anEvent)
    const writing = Promise.allSettled(events.map(writer.log))
    await beyond(before)
    await app.database.cut('switchyard audit')
    expect((await writing).some(({ status }) => status === 'rejected')).toBe(true)
    await expectWhole()
    await Promise.all(events.map(writer.log))
    await writer.stop()
    await expectWhole()
  })
})
