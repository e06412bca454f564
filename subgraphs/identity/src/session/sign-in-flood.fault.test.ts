// Forty clients guess passwords at once: whoever else signs in still can.
import { randomUUID } from 'node:crypto'
import { allInOne, type Shape } from '@switchyard/test/processes'
import { openSession, type Session } from '@switchyard/test/session'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const clients = 40
const guessesOfEach = 10
const password = 'switchyard-demo'
// where a machine is busy with other tests, a fetch takes longer than it is given in production
const environment = { TRUSTED_PROXIES: 'loopback', SUBGRAPH_TIMEOUT_MS: '20000', OPERATION_TIMEOUT_MS: '30000' }

const aGuess = () => `login(input: { email: "${randomUUID()}@demo.example", password: "a guess" }) { accessToken }`
const manyGuesses = () => `mutation { ${Array.from({ length: 30 }, (_, at) => `a${at}: ${aGuess()}`).join(' ')} }`

describe('while passwords are guessed', () => {
  let shape: Shape
  let nobody: Session
  beforeAll(async () => {
    shape = await allInOne(environment)
    nobody = openSession(shape.url, undefined, () => undefined)
  }, 180_000)
  afterAll(() => shape?.end(), 60_000)

  async function codeOf(query: string, client: string): Promise<string> {
    const { errors } = await nobody.send(query, {}, { 'x-forwarded-for': client })
    return errors[0]?.extensions.code ?? 'ok'
  }

  const signIn = (login: string, client: string) =>
    codeOf(
      `mutation { login(input: { email: "${login}@demo.example", password: "${password}" }) { accessToken } }`,
      client,
    )

  it('others sign in, from clients that are known and from new ones, and no guess takes the service away', async () => {
    expect(await signIn('agent', '198.51.100.1')).toBe('ok')
    const outcomes = new Map<string, number>()
    const guessing = Array.from({ length: clients }, async (_, client) => {
      for (let guess = 0; guess < guessesOfEach; guess++) {
        const query = client % 2 ? manyGuesses() : `mutation { ${aGuess()} }`
        const code = await codeOf(query, `203.0.113.${client % 4 ? client : 0}`)
        outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
      }
    })
    let isOver = false
    const flood = Promise.all(guessing).finally(() => {
      isOver = true
    })
    const signedIn: string[] = []
    for (let visit = 0; visit === 0 || (!isOver && visit < 20); visit++) {
      signedIn.push(await signIn('agent', '198.51.100.1'), await signIn('manager', `198.51.101.${visit}`))
    }
    await flood
    expect(signedIn.filter((code) => code !== 'ok')).toEqual([])
    expect(
      [...outcomes.keys()].filter((code) => !['UNAUTHENTICATED', 'RATE_LIMITED', 'BAD_USER_INPUT'].includes(code)),
    ).toEqual([])
    expect(outcomes.get('BAD_USER_INPUT')).toBe((clients / 2) * guessesOfEach)
  })
})
