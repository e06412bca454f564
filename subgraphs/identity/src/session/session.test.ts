import { randomUUID } from 'node:crypto'
import { anonymous, service } from '@switchyard/runtime/viewer/viewer'
import { password, type Session, type SignedIn, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { forgetSessions } from './session.jobs.ts'

type Tokens = { accessToken: string; refreshToken: string; expiresIn: number }

async function signedIn() {
  const { app, admin } = await world()
  const user = await app.aUser(admin, { role: 'AGENT' })
  const refresh = async (refreshToken: string) => {
    const answer = await app.nobody.send<{ refreshSession: Tokens }>('RefreshSession', { input: { refreshToken } })
    return answer.data?.refreshSession ?? answer.errors[0]?.extensions.code
  }
  const revoked = () => app.events('identity.session.revoked')
  return { app, admin, user, session: await app.signIn(user), refresh, revoked }
}

/** Until the session is refused; what takes effect in every process does so within a second. */
const isShutOut = (session: Session) =>
  expect
    .poll(async () => (await session.send('{ me { id } }')).errors[0]?.extensions.code, { timeout: 1000 })
    .toBe('UNAUTHENTICATED')

const thirtyDays = 30 * 24 * 60 * 60_000

const worksFor = async (session: Session | SignedIn) => (await session.send('{ me { id } }')).errors.length === 0

describe('signing in', () => {
  it('opens a session, and says who has come and what they may do', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin, { role: 'AGENT' })
    const { login } = await app.nobody.ok<{ login: Tokens }>('Login', {
      input: { email: user.email.toUpperCase(), password },
    })
    expect(login).toMatchObject({ expiresIn: 900, twoFactorChallenge: null, viewer: { id: user.id, roles: ['AGENT'] } })
    expect(await app.bearing(login.accessToken).ok('Me')).toMatchObject({
      me: {
        id: user.id,
        kind: 'USER',
        roles: ['AGENT'],
        permissions: expect.arrayContaining(['crm.customer.read:own', 'crm.tag.read']),
        tenant: 'demo',
        user: { id: user.id, name: 'Carol', email: user.email, locale: 'en', timeZone: 'UTC' },
        impersonator: null,
      },
    })
    const seen = await app
      .as(admin)
      .ok<{ user: { lastSeenAt: string; version: number } }>(
        'query ($id: ID!) { user(id: $id) { lastSeenAt version } }',
        { id: user.id },
      )
    expect(seen.user).toEqual({ lastSeenAt: app.clock.now().toISOString(), version: 1 })
    expect(await app.events('identity.session.opened')).toContainEqual(
      expect.objectContaining({ actorId: user.id, payload: { userId: user.id } }),
    )
  })

  it('works many times at once for one user', async () => {
    const { app, user } = await signedIn()
    const sessions = await Promise.all(Array.from({ length: 6 }, () => app.signIn(user)))
    expect(await Promise.all(sessions.map(worksFor))).toEqual(Array(6).fill(true))
  })

  it('refuses in the same words whatever does not fit', async () => {
    const { app, admin } = await world()
    const [user, invited, blocked] = await Promise.all([
      app.aUser(admin),
      app.aUser(admin, { password: undefined }),
      app.aUser(admin),
    ])
    await app.as(admin).ok('BlockUser', { input: { id: blocked.id } })
    const attempts = [
      { email: user.email, password: `${password}!` },
      { email: user.email, password: '' },
      { email: user.email, password: 'x'.repeat(10_000) },
      { email: invited.email, password },
      { email: blocked.email, password },
      { email: `${randomUUID()}@switchyard.example`, password },
    ]
    const answers = await Promise.all(attempts.map((input) => app.nobody.send('Login', { input })))
    expect(new Set(answers.map((answer) => JSON.stringify({ ...answer, status: answer.status }))).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('is tried once in an operation, at the gateway and at the subgraph', async () => {
    const { app, admin } = await world()
    const known = await app.aUser(admin)
    const emails = [known.email, ...Array.from({ length: 19 }, () => `${randomUUID()}@switchyard.example`)]
    const fields = emails.map(
      (email, at) => `a${at}: login(input: { email: "${email}", password: "${password}" }) { accessToken }`,
    )
    const query = `mutation { ${fields.join(' ')} }`
    const attempts = async () => {
      const { values } = await app.metrics.signIns.get()
      return values.reduce((sum, { value }) => sum + value, 0)
    }
    const before = await attempts()
    const { status, errors, data } = await app.nobody.send(query)
    expect([status, errors.map(({ extensions }) => extensions.code), data]).toEqual([400, ['BAD_USER_INPUT'], null])
    const request = { query, variables: {}, viewer: anonymous, requestId: 'test' }
    const inside = await app.subgraph('identity').execute(request)
    expect(inside).toEqual({
      errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) })],
    })
    const mixed = `mutation { ${fields[0]} refreshSession(input: { refreshToken: "x" }) { accessToken } }`
    expect((await app.nobody.send(mixed)).errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(await attempts()).toBe(before)
  })

  it('takes as long for an address that nobody has', async () => {
    const { app, admin } = await world()
    const known = await Promise.all([app.aUser(admin), app.aUser(admin)])
    const unknown = known.map(() => ({ email: `${randomUUID()}@switchyard.example` }))
    const spent = { known: [] as number[], unknown: [] as number[] }
    const attempt = async (email: string) => {
      const start = performance.now()
      await app.nobody.refused('Login', { input: { email, password: 'not the one' } })
      return performance.now() - start
    }
    // By turns, so that whatever else keeps the machine busy slows both down.
    for (let turn = 0; turn < 18; turn++) {
      spent.known.push(await attempt(known[turn % 2]?.email ?? ''))
      spent.unknown.push(await attempt(unknown[turn % 2]?.email ?? ''))
    }
    const median = (times: number[]) => times.sort((a, b) => a - b)[9] ?? 0
    expect(median(spent.unknown) / median(spent.known)).toBeGreaterThan(0.5)
    expect(median(spent.unknown) / median(spent.known)).toBeLessThan(2)
  })
})

describe('refreshing a session', () => {
  it('trades a refresh token for new tokens, once', async () => {
    const { app, session, refresh } = await signedIn()
    const next = (await refresh(session.refreshToken)) as Tokens
    expect(next).toEqual({ accessToken: expect.any(String), refreshToken: expect.any(String), expiresIn: 900 })
    expect(next.refreshToken).not.toBe(session.refreshToken)
    expect(await worksFor(app.bearing(next.accessToken))).toBe(true)
    expect(await refresh(next.refreshToken)).toMatchObject({ expiresIn: 900 })
  })

  it('lets one of several tabs that race win, and only refuses the others', async () => {
    const { session, refresh, revoked } = await signedIn()
    const before = (await revoked()).length
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refreshToken)))
    expect(answers.filter((answer) => answer === 'UNAUTHENTICATED')).toHaveLength(4)
    const won = answers.find((answer) => typeof answer === 'object')
    expect(await refresh(won?.refreshToken ?? '')).toMatchObject({ expiresIn: 900 })
    expect(await revoked()).toHaveLength(before)
  })

  it('ends the session when a token is used again after ten seconds', async () => {
    const { app, session, refresh } = await signedIn()
    const next = (await refresh(session.refreshToken)) as Tokens
    app.clock.advance(10_001)
    expect(await refresh(session.refreshToken)).toBe('UNAUTHENTICATED')
    expect(await refresh(next.refreshToken)).toBe('UNAUTHENTICATED')
    await isShutOut(app.bearing(next.accessToken))
    const last = (await app.events('identity.session.revoked')).at(-1)
    expect(last).toMatchObject({ payload: { because: 'reuse' } })
  })

  it('ends the session when a token older than the last one is used again, however soon', async () => {
    const { session, refresh } = await signedIn()
    const second = (await refresh(session.refreshToken)) as Tokens
    const third = (await refresh(second.refreshToken)) as Tokens
    expect(await refresh(session.refreshToken)).toBe('UNAUTHENTICATED')
    expect(await refresh(third.refreshToken)).toBe('UNAUTHENTICATED')
  })

  it.each(['', 'nonsense', 'x'.repeat(5000)])('refuses %j', async (token) => {
    const { refresh } = await signedIn()
    expect(await refresh(token)).toBe('UNAUTHENTICATED')
  })
})

describe('signing out', () => {
  it('ends this session at once, and no other', async () => {
    const { app, user, session, refresh } = await signedIn()
    const other = await app.signIn(user)
    expect(await worksFor(session)).toBe(true)
    expect(await session.ok('Logout')).toEqual({ logout: true })
    await isShutOut(session)
    expect(await refresh(session.refreshToken)).toBe('UNAUTHENTICATED')
    expect(await worksFor(other)).toBe(true)
  })

  it('has nothing to end for a token of another issuer', async () => {
    const { app, alice } = await world()
    expect(await app.as(alice).ok('Logout')).toEqual({ logout: true })
    expect(await worksFor(app.as(alice))).toBe(true)
  })

  it('is for nobody who is not signed in', async () => {
    const { app } = await world()
    expect((await app.nobody.refused('Logout')).code).toBe('UNAUTHENTICATED')
  })
})

describe('a user who is blocked', () => {
  it('loses every session at once, and regains none when let in again', async () => {
    const { app, admin, user, session, refresh } = await signedIn()
    const other = await app.signIn(user)
    expect([await worksFor(session), await worksFor(other)]).toEqual([true, true])
    await app.as(admin).ok('BlockUser', { input: { id: user.id } })
    await Promise.all([isShutOut(session), isShutOut(other)])
    expect(await refresh(session.refreshToken)).toBe('UNAUTHENTICATED')
    await app.as(admin).ok('UnblockUser', { input: { id: user.id } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await worksFor(session)).toBe(false)
    expect(await worksFor(await app.signIn(user))).toBe(true)
  })

  it('cannot come in through a sign-in that was under way', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin)
    const block = app.as(admin).ok('BlockUser', { input: { id: user.id } })
    const attempts = Array.from({ length: 4 }, () =>
      app.nobody.send<{ login: Tokens }>('Login', { input: { email: user.email, password } }),
    )
    const answers = await Promise.all(attempts)
    await block
    for (const { data } of answers) if (data?.login) await isShutOut(app.bearing(data.login.accessToken))
  })
})

describe('a session that nobody uses', () => {
  it('has an access token for a quarter of an hour, and ends after thirty days', async () => {
    const { app, session, refresh } = await signedIn()
    app.clock.advance(901_000)
    expect(await worksFor(session)).toBe(false)
    const next = (await refresh(session.refreshToken)) as Tokens
    expect(await worksFor(app.bearing(next.accessToken))).toBe(true)
    app.clock.advance(thirtyDays + 1)
    expect(await refresh(next.refreshToken)).toBe('UNAUTHENTICATED')
  })

  it('is forgotten, with its tokens, a month after its end', async () => {
    const { app } = await world()
    const { open, database } = app.subgraph('identity')
    const kept = async () => {
      const [row] = await database.sql<{ count: number }[]>`
        select count(*)::int from identity.sessions join identity.refresh_tokens on session_id = sessions.id`
      return row?.count
    }
    const forget = () =>
      forgetSessions.run(open({ viewer: service('test', []), requestId: 'test' }) as unknown as Context, {})
    const before = await kept()
    await forget()
    expect(await kept()).toBe(before)
    app.clock.advance(2 * thirtyDays)
    await forget()
    expect([before === 0, await kept()]).toEqual([false, 0])
  })
})
