import { service } from '@switchyard/runtime/viewer/viewer'
import { type Person, type TestApp, world } from '@switchyard/test'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { events } from '../event/event.table.ts'
import { digestOf, hashAfter } from './link.ts'

type Verification = { valid: boolean; checked: number; firstBrokenSequence: string | null; head: { sequence: string } }

let app: TestApp
let admin: Person
let verify: () => Promise<Verification>
let length = 0

/** As a superuser would do it who knows what protects the log. */
const asOwner = (statements: string) =>
  app.database.run(`
    alter table audit.events disable trigger all; alter table audit.details disable trigger all;
    alter table audit.checkpoints disable trigger all;
    ${statements};
    alter table audit.events enable always trigger events_stand;
    alter table audit.details enable always trigger details_stand;
    alter table audit.checkpoints enable always trigger checkpoints_stand`)
const tables = ['events', 'details', 'heads', 'checkpoints']

beforeAll(async () => {
  const { app: shared, alice, ...people } = await world()
  app = shared
  admin = people.admin
  verify = async () => (await app.as(admin).ok<{ verifyAuditChain: Verification }>('VerifyAuditChain')).verifyAuditChain
  for (let count = 0; count < 10; count++) await app.aCustomer({ owner: alice, name: `Customer ${count}` })
  await app.settled()
  length = (await verify()).checked
  await app.database.run(tables.map((name) => `create table audit.kept_${name} as table audit.${name}`).join(';'))
})
afterEach(() =>
  asOwner(
    tables.map((name) => `delete from audit.${name}; insert into audit.${name} table audit.kept_${name}`).join(';'),
  ),
)

describe('the chain', () => {
  it('is whole, as long as nobody touches it', async () => {
    expect(length).toBeGreaterThan(10)
    expect(await verify()).toEqual({
      valid: true,
      checked: length,
      firstBrokenSequence: null,
      head: { sequence: String(length), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it.each([
    ['an edited actor', `update audit.events set actor_id = 'somebody' where sequence = 5`, 5],
    ['an edited time', `update audit.events set at = at + interval '1 ms' where sequence = 5`, 5],
    ['an edited hash', `update audit.events set hash = repeat('0', 64) where sequence = 5`, 5],
    ['an edited link', `update audit.events set previous_hash = repeat('0', 64) where sequence = 5`, 5],
    ['the first row, edited', `update audit.events set action = 'nothing' where sequence = 1`, 1],
    ['the last row, edited', `update audit.events set action = 'nothing' where sequence = $end`, 0],
    ['a deleted row', 'delete from audit.events where sequence = 5', 5],
    ['the first row, deleted', 'delete from audit.events where sequence = 1', 1],
    ['a deleted tail', 'delete from audit.events where sequence > 7', 8],
    ['all rows, deleted', 'delete from audit.events', 1],
    [
      'a deleted tail, and a head that knows no better',
      `delete from audit.events where sequence > 7;
       update audit.heads set sequence = 7, hash = (select hash from audit.events where sequence = 7)`,
      8,
    ],
    [
      'two swapped rows',
      `update audit.events set sequence = -5 where sequence = 5; update audit.events set sequence = 5 where sequence = 9;
       update audit.events set sequence = 9 where sequence = -5`,
      5,
    ],
    [
      'an edited diff',
      `update audit.details set changes = '[]' where event_id = (select id from audit.events where sequence = 5)`,
      5,
    ],
    [
      'an edited salt',
      `update audit.details set salt = '' where event_id = (select id from audit.events where sequence = 5)`,
      5,
    ],
    [
      'a repeated sequence',
      `alter table audit.events drop constraint events_pkey;
       insert into audit.events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*
         from audit.events e where sequence = 5`,
      5,
    ],
    ['a head set back', `update audit.heads set sequence = 7`, 8],
    ['a deleted head', `delete from audit.heads`, 1],
    ['a checkpoint that nobody signed', `update audit.checkpoints set signature = 'forged' where sequence = $end`, 0],
  ])('shows %s at its sequence', async (_, tampering, sequence) => {
    await asOwner(tampering.replaceAll('$end', String(length)))
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: String(sequence || length) })
  })

  it('shows a suffix that was hashed anew, by the signed checkpoint', async () => {
    const { db } = app.subgraph('audit').database
    const rows = await db.select().from(events).orderBy(events.sequence)
    let last = rows[3] as (typeof rows)[number]
    const updates = rows.slice(4).map((row) => {
      const forged = { ...row, actorId: row.sequence === 5n ? 'somebody' : row.actorId, previousHash: last.hash }
      last = { ...forged, hash: hashAfter(last, digestOf(forged, forged.commitment)) }
      return `update audit.events set actor_id = '${last.actorId}', previous_hash = '${last.previousHash}',
        hash = '${last.hash}' where sequence = ${last.sequence}`
    })
    await asOwner(`${updates.join(';')}; update audit.heads set hash = '${last.hash}'`)
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: String(length) })
    await asOwner('delete from audit.checkpoints')
    // Nothing in the database is left that knows better: this is what the checkpoints in the log are for.
    expect(await verify()).toMatchObject({ valid: true })
  })

  it('is verified in parts, too: what is broken elsewhere is not seen', async () => {
    await asOwner(`update audit.events set action = 'nothing' where sequence = 5`)
    const part =
      'query ($after: BigInt, $first: Int) { verifyAuditChain(after: $after, first: $first) { valid checked firstBrokenSequence } }'
    const verified = async (variables: object) =>
      (await app.as(admin).ok<{ verifyAuditChain: Verification }>(part, { ...variables })).verifyAuditChain
    expect(await verified({ first: 4 })).toEqual({ valid: true, checked: 4, firstBrokenSequence: null })
    expect(await verified({ after: '2', first: 4 })).toEqual({ valid: false, checked: 3, firstBrokenSequence: '5' })
    expect(await verified({ after: '5' })).toEqual({ valid: true, checked: length - 5, firstBrokenSequence: null })
    for (const variables of [{ after: String(length + 1) }, { after: '-1' }, { first: 0 }])
      expect((await app.as(admin).refused(part, variables)).code).toBe('BAD_USER_INPUT')
  })

  it('still stands when details are erased by the owner', async () => {
    await app.database.run(
      'delete from audit.details where event_id in (select id from audit.events where sequence < 5)',
    )
    expect(await verify()).toMatchObject({ valid: true, checked: length })
  })

  it('is signed by a job, once for each place where it stands', async () => {
    const { sql, subgraph, open } = { ...app.subgraph('audit'), ...app.subgraph('audit').database }
    const checkpoint = subgraph.jobs.find(({ name }) => name === 'checkpoint')
    const run = () =>
      checkpoint?.run(open({ viewer: service('audit.checkpoint', []), requestId: 'test' }) as never, {} as never)
    const signed = async () =>
      (await sql`select sequence from audit.checkpoints`).map(({ sequence }) => Number(sequence))
    await asOwner(`delete from audit.checkpoints`)
    await run()
    await run()
    expect(await signed()).toEqual([length])
    await asOwner(
      `update audit.checkpoints set sequence = 3, hash = (select hash from audit.events where sequence = 3)`,
    )
    await run()
    expect(await signed()).toEqual([3])
  })

  it('is not signed while it is broken', async () => {
    await asOwner(`delete from audit.checkpoints; update audit.events set action = 'nothing' where sequence = 5`)
    await verify()
    expect(await app.subgraph('audit').database.sql`select from audit.checkpoints`).toHaveLength(0)
  })
})

describe('PostgreSQL', () => {
  const refused = (statement: string, run: (text: string) => Promise<unknown>) =>
    expect(run(statement), statement).rejects.toMatchObject({ code: '42501' })

  it('lets audit itself add to the log and read it, and nothing else', async () => {
    const { sql } = app.subgraph('audit').database
    for (const table of ['events', 'details', 'checkpoints']) {
      for (const statement of [`delete from audit.${table}`, `truncate audit.${table}`, `drop table audit.${table}`])
        await refused(statement, (text) => sql.unsafe(text))
    }
    await refused(`update audit.events set action = ''`, (text) => sql.unsafe(text))
    await refused(`update audit.details set salt = ''`, (text) => sql.unsafe(text))
    await refused(`delete from audit.heads`, (text) => sql.unsafe(text))
    await refused(`alter table audit.events disable trigger all`, (text) => sql.unsafe(text))
  })

  it('refuses changes to the log to everybody, the owner among them', async () => {
    for (const statement of [
      `update audit.events set action = ''`,
      'delete from audit.events',
      'truncate audit.events',
      `update audit.checkpoints set hash = ''`,
      'delete from audit.checkpoints',
      `update audit.details set salt = ''`,
      'truncate audit.details',
    ])
      await refused(statement, app.database.run)
    await refused(`set session_replication_role = replica; delete from audit.events`, app.database.run)
  })
})
