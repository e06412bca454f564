// What the logs of failures hold: enough to find them, and nothing of the people whose data was in the statement.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linesOf } from '@switchyard/runtime/testing/log'
import { service } from '@switchyard/runtime/viewer/viewer'
import postgres from 'postgres'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { password, type TestApp, testApp } from './app.ts'
import { searchLog } from './log-search.ts'
import type { Person } from './people.ts'

let app: TestApp
let admin: Person
beforeAll(async () => {
  app = await testApp()
  admin = await app.aPerson('ADMIN')
})

const email = 'ann.mueller@private.example'
const phone = '+49 170 1234567'
const name = 'Ann Mueller'

/** What is logged of a mutation; as texts, with what must not be in them. */
async function loggedOf(mutation: string, input: object) {
  const requestId = randomUUID()
  const answer = await app.as(admin).send(mutation, { input }, { 'x-request-id': requestId })
  const lines = linesOf(requestId)
  expect(JSON.stringify(lines)).not.toMatch(/Mueller|private\.example|1234567|argon2|correct horse/)
  return { codes: answer.errors.map(({ extensions }) => extensions.code), lines }
}

const createCustomer = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }'
const createUser = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }'

/** Holds a table, until the test ends, so that statements on it run out of time. */
async function lock(table: string) {
  const sql = postgres(app.database.url, { max: 1, onnotice: () => undefined })
  const done = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const transaction = sql.begin(async (inner) => {
    await inner.unsafe(`lock table ${table} in access exclusive mode`)
    locked.resolve()
    await done.promise
  })
  onTestFinished(async () => {
    done.resolve()
    await transaction
    await sql.end()
  })
  await locked.promise
}

test('a statement that ran out of time is logged without the customer whom it was to store', async () => {
  await lock('crm.customers')
  const { lines } = await loggedOf(createCustomer, { name, email, phone })
  expect(lines).toContainEqual(expect.objectContaining({ err: expect.objectContaining({ message: 'Failed query' }) }))
  expect(JSON.stringify(lines)).toContain('"code":"55P03"')
})

test('a password whose change failed is logged neither as it is nor as a hash', async () => {
  await lock('identity.users')
  const { lines } = await loggedOf(createUser, { name, email: `${randomUUID()}@private.example`, password })
  expect(JSON.stringify(lines)).toContain('Failed query')
})

test('a statement that does not fit the tables is logged with its text, and without its values', async () => {
  await app.database.run('alter table crm.customers rename column phone to telephone')
  const { codes, lines } = await loggedOf(createCustomer, { name, email, phone })
  await app.database.run('alter table crm.customers rename column telephone to phone')
  expect(codes).toEqual(['INTERNAL_SERVER_ERROR'])
  expect(lines).toContainEqual(
    expect.objectContaining({
      err: expect.objectContaining({
        statement: expect.stringMatching(/^insert into "crm"\."customers"/),
        cause: expect.objectContaining({ code: '42703' }),
      }),
    }),
  )
})

test('an address that is taken is nothing to be logged', async () => {
  await app.as(admin).ok(createCustomer, { input: { name, email } })
  const { codes, lines } = await loggedOf(createCustomer, { name, email })
  expect(codes).toEqual(['CONFLICT'])
  expect(lines.map(({ msg }) => msg)).toEqual(['Answered.'])
})

test('the name of an operation, and a message that repeats what was sent, are cut at 200 characters', async () => {
  const requestId = randomUUID()
  const long = 'x'.repeat(10_000)
  await app.nobody.send(`query ${long} { __typename }`, {}, { 'x-request-id': requestId })
  expect(linesOf(requestId)).toMatchObject([{ operation: `${'x'.repeat(199)}…` }])
  const { errors } = await app.as(admin).send(`{ ${long} }`)
  expect(errors.map(({ message }) => message.length)).toEqual([200])
})

describe('a representation that no gateway would send', () => {
  const ask = async (subgraph: string, representations: unknown[]) => {
    const requestId = randomUUID()
    const { data, errors } = await app.subgraph(subgraph).execute({
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Customer { name } } }',
      variables: { r: representations },
      viewer: service('test', ['crm.customer.read']),
      requestId,
    })
    const codes = errors?.map(({ extensions, path }) => [extensions.code, path?.at(-1)])
    return { data: data?._entities, codes, lines: linesOf(requestId) }
  }

  test.each([
    ['of a type that is not there', { __typename: 'Nope', id: '1' }],
    ['of a type that is no entity', { __typename: 'Money', id: '1' }],
    ['of a type that is a number', { __typename: 1, id: '1' }],
    ['of no type', { id: '1' }],
    ['without an id', { __typename: 'Customer' }],
    ['whose id is null', { __typename: 'Customer', id: null }],
    ['whose id is an object', { __typename: 'Customer', id: { eq: '1' } }],
    ['whose id is a list', { __typename: 'Customer', id: ['1', '2'] }],
    ['that is a text', 'Customer'],
    ['that is a list', []],
  ])('is refused by itself: one %s', async (_, representation) => {
    const { data, codes, lines } = await ask('crm', [
      representation,
      { __typename: 'Customer', id: randomUUID() },
      representation,
    ])
    expect(data).toEqual([null, null, null])
    expect(codes).toEqual([
      ['BAD_USER_INPUT', 0],
      ['BAD_USER_INPUT', 2],
    ])
    expect(lines).toEqual([])
  })

  test('is refused with all others where it is null', async () => {
    expect(await ask('crm', [null])).toMatchObject({ codes: [['BAD_USER_INPUT', undefined]], lines: [] })
  })
})

describe('the search of the logs of a run', () => {
  const search = (line: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'log'), `{"msg":"harmless"}\n${line}\n`)
    return () => searchLog(join(folder, 'log'))
  }

  test.each([
    ['values of a statement', 'Failed query: select $1\\nparams: Ann'],
    ['an e-mail address', `to ${email}`],
    ['a phone number', '+491701234567'],
    ['a password hash', '$argon2id$v=19$m=1'],
    ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln'],
    ['an opaque token', 'q1W2e3R4t5Z6u7I8o9P0aSdFgHjKlYxCvBnM-_1234A'],
  ])('finds %s', (what, text) => {
    expect(search(`{"msg":"${text}"}`)).toThrow(`1 log lines hold what no log may:\n${what}`)
  })

  test('finds nothing in what a failure is told by', () => {
    const line = { requestId: randomUUID(), hash: 'a1'.repeat(32), stack: 'at .pnpm/postgres@3.4.9/src/index.js:1:2' }
    expect(search(JSON.stringify(line))).not.toThrow()
  })
})
