import { randomUUID } from 'node:crypto'
import { anonymous, service, type Viewer } from '@switchyard/runtime/viewer/viewer'
import { world } from '@switchyard/test'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { builtInRoles } from '../role/built-in-roles.ts'

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

type World = Awaited<ReturnType<typeof world>>
type Me = { me: { id: string; roles: string[]; user: { name: string; email: string | null } } }

/** What the external issuer signs with. */
const secretOf = ({ app }: World) => app.config.externalIssuer?.secret ?? new Uint8Array()

const gateway = service('gateway', ['identity.viewer.resolve'])
const asked = { query: 'query ($token: String!) { viewerByToken(token: $token) }', requestId: 'test' }

const me = ({ app }: World, token: string) => app.bearing(token).ok<Me>('{ me { id roles user { name email } } }')
const refusal = async ({ app }: World, token: string) => (await app.bearing(token).refused('{ me { id } }')).code

async function viewerOf({ app }: World, token: string, asker: Viewer = gateway) {
  const { data, errors } = await app.subgraph('identity').execute({ ...asked, variables: { token }, viewer: asker })
  return errors ? errors[0]?.extensions.code : data?.viewerByToken
}

describe('a token of an external issuer', () => {
  it('makes its subject a user of ours at first sight, with the role that it names', async () => {
    const here = await world()
    const subject = randomUUID()
    const first = await me(
      here,
      await here.app.tokenWith({ sub: subject, role: 'AGENT', name: 'Erin', email: `${subject}@issuer.example` }),
    )
    expect(first.me).toMatchObject({ roles: ['AGENT'], user: { name: 'Erin', email: `${subject}@issuer.example` } })
    const later = await me(here, await here.app.tokenWith({ sub: subject, roles: ['ANALYST', 'VIEWER'] }))
    expect(later.me).toMatchObject({ id: first.me.id, roles: ['ANALYST', 'VIEWER'] })
    expect(await here.app.events('identity.user.created', first.me.id)).toHaveLength(1)
  })

  it('may name its subject by user_id, which need not be a UUID', async () => {
    const here = await world()
    const id = Math.floor(Math.random() * 1e9)
    const byNumber = await me(here, await here.app.tokenWith({ sub: undefined, user_id: id, role: 'viewer' }))
    const byText = await me(here, await here.app.tokenWith({ sub: undefined, user_id: String(id), role: 'VIEWER' }))
    expect(byText.me.id).toBe(byNumber.me.id)
  })

  it('makes one user of a subject whose first requests come all at once', async () => {
    const here = await world()
    const claims = { sub: randomUUID(), role: 'AGENT' }
    const tokens = await Promise.all(
      Array.from({ length: 6 }, (_, jti) => here.app.tokenWith({ ...claims, jti: String(jti) })),
    )
    const ids = await Promise.all(tokens.map(async (token) => (await me(here, token)).me.id))
    expect(new Set(ids).size).toBe(1)
    expect(await here.app.events('identity.user.created', ids[0])).toHaveLength(1)
  })

  it("tells the subjects of two issuers apart, and takes nobody's address from them", async () => {
    const here = await world()
    const claims = { sub: randomUUID(), role: 'AGENT', email: `${randomUUID()}@issuer.example` }
    const one = await me(here, await here.app.tokenWith({ ...claims, iss: 'https://one.example' }))
    const other = await me(here, await here.app.tokenWith({ ...claims, iss: 'https://other.example' }))
    expect(other.me.id).not.toBe(one.me.id)
    expect([one.me.user.email, other.me.user.email]).toEqual([claims.email, null])
  })

  it('says nothing when its user has been blocked here', async () => {
    const here = await world()
    const token = await here.app.tokenWith({ role: 'AGENT' })
    const { id } = (await me(here, token)).me
    await here.app.as(here.admin).ok('BlockUser', { input: { id } })
    await expect
      .poll(async () => (await here.app.bearing(token).send('{ me { id } }')).status, { timeout: 1000 })
      .toBe(401)
  })

  it('is good in the tenants that it names, and in all when it names none', async () => {
    const here = await world()
    const inTenants = (tenants: unknown) => here.app.tokenWith({ role: 'AGENT', tenants })
    expect((await me(here, await inTenants(['other', 'demo']))).me.roles).toEqual(['AGENT'])
    expect(await refusal(here, await inTenants(['other']))).toBe('TENANT_NOT_A_MEMBER')
    expect(await refusal(here, await inTenants([]))).toBe('TENANT_NOT_A_MEMBER')
    expect(await refusal(here, await inTenants('demo'))).toBe('UNAUTHENTICATED')
  })

  it.each([
    ['without a subject', { sub: undefined, role: 'ADMIN' }],
    ['with an empty subject', { sub: '', role: 'ADMIN' }],
    ['with a subject that cannot be kept', { sub: 'a\0b', role: 'ADMIN' }],
    ['with a subject that is no text', { sub: { id: 1 }, role: 'ADMIN' }],
    ['without a role', {}],
    ['with a role that is not built in', { role: 'SUPERUSER' }],
    ['with the role of a machine', { role: 'SERVICE' }],
    ['with a role that is known and one that is not', { roles: ['ADMIN', 'SUPERUSER'] }],
    ['with no roles', { roles: [] }],
    ['with a role that is no text', { role: { name: 'ADMIN' } }],
    ['that has expired', { role: 'ADMIN', exp: Math.floor(Date.now() / 1000) - 60 }],
    ['that is not good yet', { role: 'ADMIN', nbf: inAnHour() }],
    ['that claims to be ours', { role: 'ADMIN', iss: 'switchyard' }],
  ])('is refused %s', async (_, { exp, ...claims }: Record<string, unknown>) => {
    const here = await world()
    const token =
      exp === undefined
        ? await here.app.tokenWith(claims)
        : await new SignJWT({ sub: randomUUID(), ...claims, exp: Number(exp) })
            .setProtectedHeader({ alg: 'HS256' })
            .sign(secretOf(here))
    expect(await refusal(here, token)).toBe('UNAUTHENTICATED')
  })

  it('is refused when its signature does not hold', async () => {
    const here = await world()
    const claims = { sub: randomUUID(), role: 'ADMIN', exp: inAnHour() }
    const signed = (alg: string, key = secretOf(here)) => new SignJWT(claims).setProtectedHeader({ alg }).sign(key)
    const good = await signed('HS256')
    const [header, payload, signature] = good.split('.') as [string, string, string]
    const wrong = {
      'alg none': `${part({ alg: 'none' })}.${payload}.`,
      'alg nOnE': `${part({ alg: 'nOnE' })}.${payload}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'two parts': `${header}.${payload}`,
      'another payload': `${header}.${part({ ...claims, role: 'ADMIN', sub: 'x' })}.${signature}`,
      'another end': `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`,
      'the same end spelled otherwise': `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) + 1)}`,
      'an unknown crit': await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', crit: ['x'], x: 1 })
        .sign(secretOf(here), { crit: { x: true } }),
      HS512: await signed('HS512'),
      'another secret': await signed('HS256', here.app.config.authSecret),
      'no exp': await new SignJWT({ sub: claims.sub, role: 'ADMIN' })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(secretOf(here)),
      nonsense: 'nonsense',
      dots: '...',
    }
    for (const [name, token] of Object.entries(wrong))
      expect({ name, code: await refusal(here, token) }).toEqual({ name, code: 'UNAUTHENTICATED' })
    expect((await me(here, good)).me.roles).toEqual(['ADMIN'])
  })
})

describe('a token of ours', () => {
  it('stands for the user, with all that their roles let them do', async () => {
    const here = await world()
    const user = await here.app.aUser(here.admin, { role: 'AGENT' })
    const { accessToken } = await here.app.signIn(user)
    const viewer = (await viewerOf(here, accessToken)) as Viewer
    expect(viewer).toEqual({
      ...anonymous,
      kind: 'USER',
      id: user.id,
      roles: ['AGENT'],
      permissions: builtInRoles.AGENT,
      sessionId: expect.any(String),
      expiresAt: Math.floor(here.app.clock.now().getTime() / 1000) * 1000 + 900_000,
    })
  })

  it('is refused when anybody else has signed it, or it names another session', async () => {
    const here = await world()
    const user = await here.app.aUser(here.admin)
    const { accessToken } = await here.app.signIn(user)
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >
    const signed = (change: object, key = here.app.config.authSecret) =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'HS256' }).sign(key)
    expect(await refusal(here, await signed({}, secretOf(here)))).toBe('UNAUTHENTICATED')
    expect(await refusal(here, await signed({ sid: here.admin.id }))).toBe('UNAUTHENTICATED')
    expect(await refusal(here, await signed({ sub: here.admin.id }))).toBe('UNAUTHENTICATED')
    expect(await refusal(here, await signed({ sub: 'nonsense' }))).toBe('UNAUTHENTICATED')
    expect(await refusal(here, await signed({ exp: undefined }))).toBe('UNAUTHENTICATED')
    expect((await me(here, await signed({ jti: 'another' }))).me.id).toBe(user.id)
  })

  it('stands for a role only until that role expires', async () => {
    const here = await world()
    const user = await here.app.aUser(here.admin, { role: 'MANAGER' })
    const until = new Date(here.app.clock.now().getTime() + 60_000)
    const { sql } = here.app.subgraph('identity').database
    await sql`update identity.role_assignments set expires_at = ${until.toISOString()} where user_id = ${user.id}`
    const { accessToken } = await here.app.signIn(user)
    expect(await viewerOf(here, accessToken)).toMatchObject({ roles: ['MANAGER'], expiresAt: until.getTime() })
    expect((await me(here, accessToken)).me.roles).toEqual(['MANAGER'])
    here.app.clock.advance(60_001)
    expect((await me(here, accessToken)).me.roles).toEqual([])
  })

  it('knows who reports to its user, directly or not, when a role of theirs reaches their team', async () => {
    const here = await world()
    const head = await here.app.aUser(here.admin, { role: 'MANAGER' })
    const lead = await here.app.aUser(here.admin, { managerId: head.id })
    const member = await here.app.aUser(here.admin, { managerId: lead.id })
    const { reports } = (await viewerOf(here, (await here.app.signIn(head)).accessToken)) as Viewer
    expect([...reports].sort()).toEqual([lead.id, member.id].sort())
  })
})

describe('what the gateway asks', () => {
  it('is answered to services that may ask it, and to nobody else', async () => {
    const here = await world()
    const asAdmin = { ...anonymous, kind: 'USER' as const, id: here.admin.id, permissions: builtInRoles.ADMIN }
    expect(await viewerOf(here, here.alice.token, asAdmin)).toBe('FORBIDDEN')
    expect(await viewerOf(here, here.alice.token, anonymous)).toBe('UNAUTHENTICATED')
    expect(await viewerOf(here, here.alice.token)).toMatchObject({ kind: 'USER', id: here.alice.id, sessionId: null })
    const { errors } = await here.app.nobody.send('query ($token: String!) { viewerByToken(token: $token) }', {
      token: 'x',
    })
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('is told whose viewers have changed, and of nothing else', async () => {
    const { app, admin } = await world()
    const changes = await app.subgraph('identity').subscribe({
      query: 'subscription { viewersChanged { userId sessionId } }',
      variables: {},
      viewer: gateway,
      requestId: 'test',
    })
    if (!(Symbol.asyncIterator in changes)) throw new Error(JSON.stringify(changes))
    const told: unknown[] = []
    const reading = (async () => {
      for await (const { data } of changes) told.push(data?.viewersChanged)
    })()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const user = await app.aUser(admin)
    const session = await app.signIn(user)
    await session.ok('Logout')
    await app.as(admin).ok('BlockUser', { input: { id: user.id } })
    const member = await app.aUser(admin, { managerId: admin.id })
    await expect.poll(() => told).toHaveLength(3)
    expect(told).toEqual([
      { userId: null, sessionId: expect.any(String) },
      { userId: user.id, sessionId: null },
      { userId: null, sessionId: null },
    ])
    expect(member.id).toBeTruthy()
    await changes.return?.()
    await reading
  })
})
