// Fields that check a secret: an operation has one of them, or nothing of it is done.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sockets } from '../testing/socket.ts'
import { codesOf, type World, world } from '../testing/world.ts'

let app: World
const { connect, closeAll } = sockets(() => app.address)
beforeAll(async () => {
  app = await world()
})
afterEach(closeAll)
afterAll(() => app.gateway.drain())

const mutations = () => app.identity.subgraph.received.filter(({ query }) => query.startsWith('mutation'))

const repeated: readonly [string, string][] = [
  ['under two names', 'mutation { a: signIn(name: "a") b: signIn(name: "b") }'],
  ['without names', 'mutation { signIn(name: "a") signIn(name: "a") }'],
  ['in an inline fragment', 'mutation { signIn(name: "a") ... { b: signIn(name: "b") } }'],
  [
    'in an inline fragment on the type',
    'mutation { ... on Mutation { a: signIn(name: "a") ... { b: renew(name: "b") } } }',
  ],
  ['in a fragment', 'mutation { signIn(name: "a") ...F } fragment F on Mutation { b: signIn(name: "b") }'],
  [
    'in fragments of fragments',
    'mutation { ...F ...G } fragment F on Mutation { ...H } fragment G on Mutation { b: signIn(name: "b") } fragment H on Mutation { a: signIn(name: "a") }',
  ],
  [
    'behind conditions',
    'mutation ($no: Boolean = false) { a: signIn(name: "a") @skip(if: $no) b: signIn(name: "b") @include(if: true) }',
  ],
  ['in two sorts', 'mutation { signIn(name: "a") renew(name: "b") }'],
  [
    'in a second operation of the document',
    'mutation A { greet(name: "a") } mutation B { a: signIn(name: "a") b: signIn(name: "b") }',
  ],
]

describe('an operation that checks more than one secret', () => {
  it.each(repeated)('is refused over HTTP before anything is done, with the field %s', async (_, query) => {
    const before = mutations().length
    const [operationName] = /A(?= \{ greet)/.exec(query) ?? []
    const answer = await app.post({ query, operationName }, { accept: 'application/json' })
    expect([answer.status, codesOf(answer), answer.body.data]).toEqual([400, ['BAD_USER_INPUT'], undefined])
    expect(mutations()).toHaveLength(before)
  })

  it('is refused over WebSocket in the same way', async () => {
    const before = mutations().length
    const socket = await connect({})
    await socket.acknowledged()
    socket.run('1', 'mutation { a: signIn(name: "a") b: signIn(name: "b") }')
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    expect(mutations()).toHaveLength(before)
  })

  it('is refused with thirty of them, which is as many fields as any operation may have', async () => {
    const fields = Array.from({ length: 30 }, (_, at) => `a${at}: signIn(name: "${at}")`).join(' ')
    expect(codesOf(await app.ask(`mutation { ${fields} }`))).toEqual(['BAD_USER_INPUT'])
  })
})

describe('an operation that checks one secret', () => {
  it.each([
    ['alone', 'mutation { signIn(name: "a") }', { signIn: 'a' }],
    ['beside others', 'mutation { greet(name: "b") a: signIn(name: "a") }', { greet: 'b', a: 'a' }],
    [
      'in a fragment that is spread twice',
      'mutation { ...F ...F } fragment F on Mutation { signIn(name: "a") }',
      { signIn: 'a' },
    ],
    ['with other fields repeated', 'mutation { a: greet(name: "a") b: greet(name: "b") }', { a: 'a', b: 'b' }],
  ])('is done: %s', async (_, query, data) => {
    expect((await app.ask(query)).body).toEqual({ data })
  })
})
