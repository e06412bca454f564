import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { service } from '@switchyard/runtime/viewer/viewer'
import { type Person, type TestApp, world } from '@switchyard/test'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { asOwner, checkpointsPath, cutAfter, removeCheckpoints, rewriteFrom } from '../testing/tampering.ts'

type Verification = {
  valid: boolean
  firstBrokenSequence: string | null
  verifiedAgainst: { source: string; sequence: string; hash: string; sealedAt: string | null } | null
}
type Line = { sequence: string; hash: string; previousHash: string; keyId: string; signature: string }

const query = `query ($after: BigInt, $first: Int, $checkpoint: AuditCheckpointInput) {
  verifyAuditChain(after: $after, first: $first, checkpoint: $checkpoint) {
    valid firstBrokenSequence verifiedAgainst { source sequence hash sealedAt }
  }
}`
const tables = ['events', 'details', 'heads', 'checkpoints']

let app: TestApp
let admin: Person
let alice: Person
let end = 0
let filed = ''

const path = () => checkpointsPath(app)
const lines = async () => (await readFile(path(), 'utf8')).trim().split('\n')
const lastLine = async (): Promise<Line> => JSON.parse((await lines()).at(-1) ?? '{}')
const verify = async (variables: object = {}) =>
  (await app.as(admin).ok<{ verifyAuditChain: Verification }>(query, { ...variables })).verifyAuditChain
const stored = () => app.subgraph('audit').database.sql`select * from audit.checkpoints order by sequence`
const outcomes = async (outcome: string) =>
  (await app.metrics.checkpoints.get()).values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0

/** Runs the job that signs. */
async function seal(): Promise<void> {
  const { subgraph, open } = app.subgraph('audit')
  const job = subgraph.jobs.find(({ name }) => name === 'checkpoint')
  await job?.run(open({ viewer: service('audit.checkpoint', []), requestId: 'test' }) as never, {} as never)
}

async function logEvents(count: number): Promise<void> {
  for (let made = 0; made < count; made++) await app.aCustomer({ owner: alice })
  await app.settled()
}

beforeAll(async () => {
  const people = await world()
  app = people.app
  admin = people.admin
  alice = people.alice
  await logEvents(5)
  await removeCheckpoints(app)
  await seal()
  await logEvents(5)
  await seal()
  end = Number((await lastLine()).sequence)
  filed = await readFile(path(), 'utf8')
  await app.database.run(tables.map((name) => `create table audit.copy_${name} as table audit.${name}`).join(';'))
})
afterEach(async () => {
  const restored = tables.map((name) => `delete from audit.${name}; insert into audit.${name} table audit.copy_${name}`)
  await asOwner(app, restored.join(';'))
  await writeFile(path(), filed)
})

describe('a checkpoint', () => {
  it('carries the hash of the one before, in the database and in the file', async () => {
    const [first, second] = (await lines()).map((line): Line => JSON.parse(line))
    expect(first?.previousHash).toBe('0'.repeat(64))
    expect(second?.previousHash).toMatch(/^[1-9a-f][0-9a-f]{63}$|^0[0-9a-f]*[1-9a-f][0-9a-f]*$/)
    expect(await stored()).toMatchObject([
      { sequence: first?.sequence, hash: first?.hash, previous_hash: first?.previousHash, signature: first?.signature },
      { sequence: second?.sequence, previous_hash: second?.previousHash, signature: second?.signature },
    ])
  })

  it('is what the answer says that the log was compared with', async () => {
    const { sequence, hash } = await lastLine()
    const sealedAt = expect.any(String)
    const valid = { valid: true, firstBrokenSequence: null }
    expect(await verify()).toEqual({ ...valid, verifiedAgainst: { source: 'FILE', sequence, hash, sealedAt } })
    await rm(path())
    expect(await verify({ after: '1' })).toEqual({
      ...valid,
      verifiedAgainst: { source: 'DATABASE', sequence, hash, sealedAt },
    })
    expect(await verify({ checkpoint: { sequence, hash } })).toEqual({
      ...valid,
      verifiedAgainst: { source: 'ARGUMENT', sequence, hash, sealedAt: null },
    })
    expect(await verify({ first: 1 })).toEqual({ ...valid, verifiedAgainst: null })
  })

  it('that was removed between two others is noticed', async () => {
    await logEvents(1)
    await seal()
    await asOwner(app, `delete from audit.checkpoints where sequence = ${end}`)
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: expect.any(String) })
  })

  it('from before checkpoints were linked does no harm to later ones', async () => {
    const { keyId } = await lastLine()
    await removeCheckpoints(app)
    await asOwner(app, `insert into audit.checkpoints select * from audit.copy_checkpoints where sequence < ${end}`)
    expect((await verify()).valid).toBe(true)
    expect(await stored()).toMatchObject([{ key_id: keyId }, { sequence: String(end), key_id: keyId }])
  })

  it.each([
    { sequence: '0', hash: 'a'.repeat(64) },
    { sequence: '1', hash: 'A' },
  ])('as an argument is refused when it can be none: %o', async (checkpoint) => {
    expect((await app.as(admin).refused(query, { checkpoint })).code).toBe('BAD_USER_INPUT')
  })
})

describe('a log that its owner has cut off together with its head and its checkpoints', () => {
  const cut = async () => {
    await asOwner(app, 'delete from audit.checkpoints')
    await cutAfter(app, end - 2)
  }

  it('is found by the file, and not signed again', async () => {
    await cut()
    const refused = await outcomes('refused')
    expect(await verify()).toMatchObject({
      valid: false,
      firstBrokenSequence: String(end - 1),
      verifiedAgainst: { source: 'FILE', sequence: String(end) },
    })
    await seal()
    expect(await stored()).toEqual([])
    expect(await readFile(path(), 'utf8')).toBe(filed)
    expect(await outcomes('refused')).toBe(refused + 2)
  })

  it('is found by a checkpoint that the client has, where there is no file', async () => {
    const { sequence, hash } = await lastLine()
    await cut()
    await rm(path())
    expect(await verify({ checkpoint: { sequence, hash } })).toMatchObject({
      valid: false,
      verifiedAgainst: { source: 'ARGUMENT', sequence },
    })
    expect(await verify()).toMatchObject({ valid: true, verifiedAgainst: null })
  })
})

describe('a log of which the end was hashed anew without its checkpoints', () => {
  it('is found by the file, and not signed again', async () => {
    await asOwner(app, 'delete from audit.checkpoints')
    await rewriteFrom(app, BigInt(end - 3))
    await seal()
    expect(await stored()).toEqual([])
    expect(await verify()).toMatchObject({
      valid: false,
      firstBrokenSequence: String(end),
      verifiedAgainst: { source: 'FILE', sequence: String(end) },
    })
    expect(await readFile(path(), 'utf8')).toBe(filed)
  })
})

describe('the file of checkpoints', () => {
  it('shows that checkpoints were removed, though the log was not changed', async () => {
    await asOwner(app, 'delete from audit.checkpoints')
    const refused = await outcomes('refused')
    await seal()
    expect(await stored()).toEqual([])
    expect(await outcomes('refused')).toBe(refused + 1)
  })

  it('goes on behind a line that a crash has cut', async () => {
    await appendFile(path(), '{"sequence":"99999","ha')
    expect(await verify()).toMatchObject({ valid: true, verifiedAgainst: { source: 'FILE', sequence: String(end) } })
    await logEvents(1)
    await seal()
    expect(Number((await lastLine()).sequence)).toBeGreaterThan(end)
    expect(await lines()).toHaveLength(4)
  })

  it('is begun with the last checkpoint on a machine that has none', async () => {
    const last = (await lines()).at(-1)
    await rm(path())
    await seal()
    expect(await lines()).toEqual([last])
  })
})
