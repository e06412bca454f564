import { readFile } from 'node:fs/promises'
import { usualLimits } from '@switchyard/runtime/limits'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codesOf, type World, world } from '../testing/world.ts'

let app: World
beforeAll(async () => {
  app = await world()
})
afterAll(() => app.gateway.drain())

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ')
const nested = (depth: number) => `{ customer(id: 1) ${'{ parent '.repeat(depth - 2)} { id } ${'}'.repeat(depth - 2)} }`
const spreads = (name: string, count: number) => times(count, () => `...${name}`)
const fragment = (name: string, body: string) => `fragment ${name} on Customer { ${body} }`

describe('an operation that is too large', () => {
  it.each([
    ['deep', nested(13), 'GRAPHQL_VALIDATION_FAILED'],
    ['full of aliases', `{ ${times(31, (at) => `a${at}: customer(id: 1) { id }`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['full of aliases for __typename', `{ ${times(31, (at) => `a${at}: __typename`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['full of directives', `{ __typename ${'@include(if: true)'.repeat(51)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['full of unknown directives', `{ __typename ${'@aa'.repeat(500)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['wide at its root', `{ ${times(31, () => '__typename')} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['full of equal fields', `{ ${times(3000, () => 'me { id }')} }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'full of equal fields within the tokens',
      `{ customer(id: 1) { ${times(501, () => 'id')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['long', `{ ${times(2100, () => 'id')} }`, 'GRAPHQL_PARSE_FAILED'],
    ['a deep literal', `{ echo(json: ${'['.repeat(20_000)}${']'.repeat(20_000)}) }`, 'GRAPHQL_PARSE_FAILED'],
    [
      'a bomb of fragments',
      `{ customer(id: 1) { ${spreads('A', 3)} } } ${fragment('A', spreads('B', 3))} ${fragment('B', spreads('C', 3))}
       ${fragment('C', spreads('D', 3))} ${fragment('D', 'id name')}`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a bomb of fragments as deep as it is long',
      `{ customer(id: 1) { ...F0 } } ${times(60, (at) => fragment(`F${at}`, spreads(`F${at + 1}`, 8)))} ${fragment('F60', 'id')}`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a circle of fragments',
      `{ customer(id: 1) { ...A } } ${fragment('A', '...B')} ${fragment('B', '...A')}`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a product of lists',
      '{ customers(first: 100) { nodes { deals(first: 100) { nodes { lines { id } } } } } }',
      'BAD_USER_INPUT',
    ],
    [
      'a product of lists by edges',
      '{ customers(first: 100) { edges { node { deals(first: 101) { nodes { id } } } } } }',
      'BAD_USER_INPUT',
    ],
  ])('is refused quickly: %s', async (_, query, code) => {
    const since = performance.now()
    const answer = await app.ask(query)
    expect([answer.status, new Set(codesOf(answer))]).toEqual([400, new Set([code])])
    expect(answer.body.errors?.length).toBeLessThanOrEqual(5)
    expect(performance.now() - since).toBeLessThan(2000)
  })

  it('is refused with 400 also where the client reads plain JSON only', async () => {
    const answer = await app.post({ query: nested(13) }, { accept: 'application/json' })
    expect(answer.status).toBe(400)
  })

  it('is priced by the values of its variables', async () => {
    const query = 'query Q($n: Int = 100) { customers(first: $n) { nodes { deals(first: $n) { nodes { id } } } } }'
    expect((await app.ask(query)).status).toBe(400)
    expect((await app.ask(query, undefined, { n: 10 })).status).toBe(200)
  })

  it('is refused for variables nested without end', async () => {
    const json = `${'['.repeat(5000)}${']'.repeat(5000)}`
    const answer = await app.post(`{"query":"query Q($j: JSON) { echo(json: $j) }","variables":{"j":${json}}}`)
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']])
  })

  it('leaves the gateway as quick as it was', async () => {
    const times: number[] = []
    for (let count = 0; count < 9; count++) {
      const since = performance.now()
      expect((await app.ask('{ __typename }')).status).toBe(200)
      times.push(performance.now() - since)
    }
    // the quickest, for the machine may be busy with other things
    expect(Math.min(...times)).toBeLessThan(100)
  })
})

describe('how large an operation may be', () => {
  it.each([
    ['depth', 2, nested(3), 400],
    ['objects', 5, '{ customers(first: 6) { nodes { id } } }', 400],
    ['tokens', 9, '{ customer(id: 1) { id name } }', 400],
    ['aliases', 1, '{ a: __typename b: __typename }', 400],
    ['selections', 2, '{ customer(id: 1) { id name } }', 400],
    ['rootFields', 1, '{ me { id } customer(id: 1) { id } }', 400],
    ['directives', 1, '{ me @skip(if: false) { id @skip(if: false) } }', 400],
    ['repeatedSpreads', 1, `{ customer(id: 1) { ...A ...A ...A } } ${fragment('A', 'id')}`, 400],
    ['bodyBytes', 30, '{ customer(id: 1) { id name } }', 413],
  ] as const)('is for the operator to say: %s', async (limit, value, query, status) => {
    expect((await app.ask(query)).status).toBe(200)
    const strict = await world({ config: { limits: { ...usualLimits, [limit]: value } } })
    expect((await strict.ask(query)).status).toBe(status)
    await strict.gateway.drain()
  })
})

describe('an operation that is large enough', () => {
  it.each([
    ['twelve levels', nested(12)],
    ['thirty aliases', `{ ${times(30, (at) => `a${at}: __typename`)} }`],
    [
      'a full page with what belongs to it',
      '{ customers(first: 100) { nodes { owner { id } tags { id } deals(first: 20) { nodes { id } } } } }',
    ],
  ])('is answered: %s', async (_, query) => {
    expect(await app.ask(query)).toMatchObject({ status: 200, body: { data: {} } })
  })

  it('may ask for the whole schema, where it is shown', async () => {
    const { getIntrospectionQuery } = await import('graphql')
    expect((await app.ask(getIntrospectionQuery(), 'root')).body).toMatchObject({ data: { __schema: {} } })
  })

  it('is every one that the console sends', async () => {
    const { parse } = await import('graphql')
    const { measures } = await import('./measure.ts')
    const { oversize } = await import('./size.ts')
    for (const file of ['identity', 'crm']) {
      const text = await readFile(
        new URL(`../../../schema/operations/console/${file}.graphql`, import.meta.url),
        'utf8',
      )
      for (const measured of measures(parse(text))) expect(oversize(measured, usualLimits)).toBeUndefined()
    }
  })
})
