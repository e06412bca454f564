// What a log line holds of what went wrong, and what it does not.
import { DrizzleQueryError } from 'drizzle-orm'
import { GraphQLError } from 'graphql'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { createLog, type Log } from './log.ts'
import { testDatabase } from './testing/database.ts'

/** The lines that the work logs, as text and parsed. */
async function logged(work: (log: Log) => unknown) {
  let text = ''
  const destination = {
    write(line: string) {
      text += line
    },
  }
  await work(createLog('info', 'test', destination))
  return { text, line: JSON.parse(text) as { msg: string; err: Record<string, unknown> } & Record<string, unknown> }
}

const secrets = {
  email: 'änne.müller+crm@sub.example.co.uk',
  phone: '+49 (170) 123-4567',
  'password hash': '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA/+aGFzaA',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
  'refresh token': 'q1W2e3R4t5Z6u7I8o9P0aSdFgHjKlYxCvBnM-_1234A',
  'partner key': 'swk_q1W2e3R4t5Z6u7I8o9P0aSdFgHjKlYxCvBnM-_1234A',
  'password in a URL': '://postgres:hunter2secret@db',
}

describe('a failed statement in the log', () => {
  const failed = (cause: Error) =>
    new DrizzleQueryError('insert into customers (name, email) values ($1, $2)', ['Ann Müller', secrets.email], cause)

  it('is told by its text, its SQLSTATE, its table and its constraint, and without any value', async () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "customers_email_unique"'), {
      severity: 'ERROR',
      code: '23505',
      detail: `Key (email)=(${secrets.email}) already exists.`,
      query: 'insert …',
      parameters: [secrets.email],
      table_name: 'customers',
      constraint_name: 'customers_email_unique',
    })
    const { text, line } = await logged((log) => log.error({ err: failed(cause), requestId: 'r-1' }))
    expect(line).toMatchObject({
      requestId: 'r-1',
      msg: 'Failed query',
      err: {
        statement: 'insert into customers (name, email) values ($1, $2)',
        cause: { code: '23505', table: 'customers', constraint: 'customers_email_unique' },
      },
    })
    expect(line.err.stack).toMatch(/^\s+at .*log\.test\.ts/)
    expect(text).not.toMatch(/Müller|example|detail|param/)
  })

  it('keeps no value in the log, whatever PostgreSQL says of it', async () => {
    const database = await testDatabase()
    const sql = postgres(database.url, { max: 1, onnotice: () => undefined })
    const value = 'Ann "Müller" of: Hamburg'
    const statements = [
      () => sql`select ${value}::text::uuid`,
      () => sql`select ${value}::text::integer`,
      () => sql`select ${value}::text::jsonb`,
      () => sql`select ${value}::text::timestamptz`,
      () => sql`select ${value}::text::inet`,
      () => sql`select ${'9'.repeat(30)}::text::integer`,
      () => sql`insert into people values (1, ${value})`,
      () => sql`insert into people values (2, ${value})`,
      () => sql`do $$ begin raise exception 'not Ann "Müller" of: Hamburg'; end $$`,
    ]
    await sql`create table people (id integer primary key check (id < 2), name text unique)`
    await sql`insert into people values (0, ${value})`
    for (const statement of statements) {
      const error = await statement().then(
        () => expect.fail('the statement did not fail'),
        (reason: Error) => reason,
      )
      const { text, line } = await logged((log) => log.error({ err: failed(error) }))
      expect(text).not.toMatch(/Ann|Müller|Hamburg|999999/)
      expect(line.err.cause).toMatchObject({ code: expect.stringMatching(/^\w{5}$/) })
      // the message of the database must not come back in the words of whoever wrapped it
      const wrapped = new Error(`the job failed: ${error.message}`, { cause: error })
      expect((await logged((log) => log.error(wrapped))).text).not.toMatch(/Ann|Müller|Hamburg|999999/)
    }
    await sql.end()
    await database.drop()
  })

  it('is told so, too, as a cause, among several, or as a text', async () => {
    const error = failed(new Error('connection lost'))
    for (const err of [new Error('outer', { cause: error }), new AggregateError([error], 'several')]) {
      const { text } = await logged((log) => log.error(err, 'a job has failed'))
      expect(text).toContain('insert into customers')
      expect(text).not.toMatch(/Müller|example/)
    }
    const { text } = await logged((log) => log.warn({ cause: `${error}` }, `${error}`))
    expect(text).not.toMatch(/Müller|example/)
  })
})

describe('a log line', () => {
  it.each(Object.entries(secrets))('shows no %s, wherever it is in what is logged', async (_, secret) => {
    const values: [object, string][] = [
      [{ value: `before ${secret} after` }, 'text'],
      [{ deep: { list: [secret] } }, 'nested'],
      [{ err: new Error(`refused: ${secret}`) }, `message ${secret}`],
      [
        { err: new GraphQLError(`Variable "$x" got invalid value "${secret}"`, { originalError: new Error(secret) }) },
        '',
      ],
      [{ [`key ${secret}`]: 1 }, 'name'],
    ]
    for (const [value, message] of values) {
      expect((await logged((log) => log.error(value, message))).text).not.toContain(secret)
    }
    expect((await logged((log) => log.error(`said ${secret}`))).text).not.toContain(secret)
    expect((await logged((log) => log.child({ requestId: secret }).info('x'))).text).not.toContain(secret)
  })

  it('shows no value of a field that is secret by its name', async () => {
    const { text } = await logged((log) => log.info({ password: 'hunter2', inner: { refreshToken: 'hunter2' } }, 'x'))
    expect(text).not.toContain('hunter2')
  })

  it('keeps what it takes to find an event: ids, times, versions of packages, hashes of the audit log', async () => {
    const kept = {
      requestId: '0191f3a4-0123-7abc-8def-0123456789ab',
      time: '2026-11-21T17:12:00.000+00:00',
      module: 'node_modules/.pnpm/postgres@3.4.7/node_modules/postgres/src/index.js:12:3',
      hash: 'a'.repeat(63).concat('1'),
      address: '127.0.0.1:5432',
    }
    expect((await logged((log) => log.info(kept, 'x'))).line).toMatchObject(kept)
  })

  it('cuts every text at 200 characters, every list at 20 entries and a stack at 2,000 characters', async () => {
    const long = 'x'.repeat(200_000)
    const error = Object.assign(new Error(long), { stack: `Error: ${long}\n${'    at somewhere\n'.repeat(1000)}` })
    const record = { err: error, operation: long, list: Array(1000).fill(long), deep: { a: { b: { c: { d: long } } } } }
    const { text, line } = await logged((log) => log.error(record, long))
    expect(line.operation).toBe(`${'x'.repeat(199)}…`)
    expect(line.msg).toHaveLength(200)
    expect(String(line.err.stack).length).toBe(2000)
    expect(text.length).toBeLessThan(10_000)
  })
})
