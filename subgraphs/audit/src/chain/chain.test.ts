import { service } from '@switchyard/runtime/viewer/viewer'
import { type Person, type TestApp, world } from '@switchyard/test'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { removeCheckpoints, rewriteFrom, asOwner as tamper } from '../testing/tampering.ts'
import { verifyAndSign } from './checkpoint-chain.ts'
import { beginning, type Link } from './link.ts'
import { verifyChain } from './verify-chain.ts'

type Verification = {
  valid: boolean
  checked: number
  firstBrokenSequence: string | null
  verifiedThrough: string
  isComplete: boolean
  head: { sequence: string }
}

const wholeChain =
  '{ verifyAuditChain { valid checked firstBrokenSequence verifiedThrough isComplete head { sequence hash } } }'

let app: TestApp
let admin: Person
let verify: () => Promise<Verification>
let length = 0

const asOwner = (statements: string) => tamper(app, statements)
const tables = ['events', 'details', 'heads', 'checkpoints']
const restored = tables
  .map((name) => `delete from audit.${name}; insert into audit.${name} table audit.kept_${name}`)
  .join(';')

/** Some other value of the type than the column has. */
const otherThan: Readonly<Record<string, (column: string) => string>> = {
  bigint: (column) => `${column} + 1000`,
  uuid: () => 'gen_random_uuid()',
  text: (column) => `concat(${column}, 'x')`,
  jsonb: (column) => `jsonb_build_array(${column})`,
  'timestamp with time zone': (column) => `${column} + interval '1 ms'`,
}

beforeAll(async () => {
  const { app: shared, alice, ...people } = await world()
  app = shared
  admin = people.admin
  verify = async () => (await app.as(admin).ok<{ verifyAuditChain: Verification }>(wholeChain)).verifyAuditChain
  for (let count = 0; count < 10; count++) await app.aCustomer({ owner: alice, name: `Customer ${count}` })
  await app.settled()
  length = (await verify()).checked
  // The minute may have been full while the log was still growing: one checkpoint, at its end.
  await removeCheckpoints(app)
  await verify()
  await app.database.run(tables.map((name) => `create table audit.kept_${name} as table audit.${name}`).join(';'))
})
afterEach(() => asOwner(restored))

describe('the chain', () => {
  it('is whole, as long as nobody touches it', async () => {
    expect(length).toBeGreaterThan(10)
    expect(await verify()).toEqual({
      valid: true,
      checked: length,
      firstBrokenSequence: null,
      verifiedThrough: String(length),
      isComplete: true,
      head: { sequence: String(length), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })
  })

  it.each([
    ['the first row, edited', `update audit.events set action = 'nothing' where sequence = 1`, 1],
    ['the last row, edited', `update audit.events set action = 'nothing' where sequence = $end`, 'end'],
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
    [
      'a row inserted before the first',
      `insert into audit.events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'sequence', 0))).*
         from audit.events e where sequence = 5`,
      0,
    ],
    [
      'a row added behind the last',
      `insert into audit.events select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'sequence', sequence + 1))).*
         from audit.events e where sequence = $end`,
      'end + 1',
    ],
    ['a head set back', `update audit.heads set sequence = 7`, 8],
    ['a deleted head', `delete from audit.heads`, 1],
    [
      'a checkpoint that nobody signed',
      `update audit.checkpoints set signature = 'forged' where sequence = $end`,
      'end',
    ],
  ])('shows %s at its sequence', async (_, tampering, sequence) => {
    await asOwner(tampering.replaceAll('$end', String(length)))
    const broken = { end: length, 'end + 1': length + 1 }[sequence] ?? sequence
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: String(broken) })
  })

  it('shows at its sequence a row of which any column was edited', async () => {
    const columns = await app.subgraph('audit').database.sql`
      select table_name, column_name, data_type from information_schema.columns
      where table_schema = 'audit' and table_name in ('events', 'details') and column_name <> 'event_id'`
    expect(columns).toHaveLength(19)
    for (const { table_name: table, column_name: column, data_type: type } of columns) {
      const row = table === 'events' ? 'sequence = 5' : 'event_id = (select id from audit.events where sequence = 5)'
      await asOwner(`update audit.${table} set ${column} = ${otherThan[type]?.(column)} where ${row}`)
      expect(await verify(), column).toMatchObject({ valid: false, checked: 5, firstBrokenSequence: '5' })
      await asOwner(restored)
    }
  })

  it('shows a suffix that was hashed anew, by the signed checkpoint', async () => {
    await rewriteFrom(app, 5n)
    expect(await verify()).toMatchObject({ valid: false, firstBrokenSequence: String(length) })
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

  it('is verified as far as the time for an answer reaches, and on from there', async () => {
    const { open } = app.subgraph('audit')
    const ctx = open({ viewer: service('audit', []), requestId: 'test' }) as never
    await asOwner(`delete from audit.checkpoints; update audit.events set action = 'nothing' where sequence = 5`)
    let since: Link = beginning
    const through: number[] = []
    for (;;) {
      const { valid, isComplete, verifiedThrough, firstBrokenSequence } = await verifyChain(ctx, { since, patience: 0 })
      through.push(Number(verifiedThrough))
      if (isComplete) {
        expect({ valid, firstBrokenSequence }).toEqual({ valid: false, firstBrokenSequence: 5n })
        break
      }
      expect(valid).toBe(true)
      since = (await (ctx as Context).chain.link(verifiedThrough)) as Link
    }
    expect(through).toEqual([1, 2, 3, 4, 4])
  })

  it('is not signed as far as the time for an answer does not reach', async () => {
    const ctx = app.subgraph('audit').open({ viewer: service('audit', []), requestId: 'test' }) as never
    await asOwner('delete from audit.checkpoints')
    expect(await verifyAndSign(ctx, 0)).toMatchObject({ valid: true, isComplete: false, checked: 1 })
    expect(await app.subgraph('audit').database.sql`select from audit.checkpoints`).toHaveLength(0)
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
    await removeCheckpoints(app)
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
