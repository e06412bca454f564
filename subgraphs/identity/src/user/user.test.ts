import { randomUUID } from 'node:crypto'
import { password, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import { normalizeAddresses } from './user.store.ts'

type Created = { createUser: { id: string; email: string; status: string; roles: { name: string }[] } }
type Status = { user: { status: string; version: number } | null }
type Listed = { users: { totalCount: number; nodes: { id: string }[] } }

const anAddress = () => `${randomUUID()}@switchyard.example`
const theUser = 'query ($id: ID!) { user(id: $id) { status version } }'
const nobodysId = '019a0000-0000-7000-8000-00000000dead'

describe('creating a user', () => {
  it('lets them in at once when they are given a password, with the roles that are chosen', async () => {
    const { app, admin } = await world()
    const { roles } = await app.as(admin).ok<{ roles: { id: string; name: string }[] }>('{ roles { id name } }')
    const roleIds = roles.filter(({ name }) => name === 'AGENT' || name === 'ANALYST').map(({ id }) => id)
    const input = { name: '  Carol ', email: anAddress(), password, roleIds }
    const { createUser } = await app.as(admin).ok<Created>('CreateUser', { input })
    expect(createUser).toMatchObject({ name: 'Carol', email: input.email, status: 'ACTIVE' })
    expect(createUser.roles.map(({ name }) => name).sort()).toEqual(['AGENT', 'ANALYST'])
    expect(await (await app.signIn(createUser)).ok('{ me { roles } }')).toEqual({ me: { roles: ['AGENT', 'ANALYST'] } })
  })

  it('only invites them without a password, and makes them a viewer without a choice of roles', async () => {
    const { app, admin } = await world()
    const input = { name: 'Carol', email: anAddress() }
    const { createUser } = await app.as(admin).ok<Created>('CreateUser', { input })
    expect(createUser).toMatchObject({ status: 'INVITED', roles: [{ name: 'VIEWER' }] })
    expect((await app.nobody.refused('Login', { input: { email: input.email, password: '' } })).code).toBe(
      'UNAUTHENTICATED',
    )
  })

  it('tells the others of it, and nobody of the password', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin)
    const events = await app.events('identity.user.created', user.id)
    expect(events).toMatchObject([{ version: 1, actorId: admin.id }])
    expect(JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      'argon2',
    )
  })

  it('lets one of eight parallel attempts with one address win', async () => {
    const { app, admin } = await world()
    const email = anAddress()
    const attempts = Array.from({ length: 8 }, (_, index) =>
      app
        .as(admin)
        .send<Created>('CreateUser', { input: { name: 'Carol', email: index % 2 ? email : email.toUpperCase() } }),
    )
    const answers = await Promise.all(attempts)
    const codes = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code))
    expect(codes).toEqual(Array(7).fill('CONFLICT'))
    const found = await app.as(admin).ok<Listed>('Users', { filter: { email: { eq: email } } })
    expect(found.users.totalCount).toBe(1)
  })

  it.each([
    ['fullwidth letters', (email: string) => email.replace('a', 'ａ')],
    ['a zero-width space', (email: string) => email.replace('a', 'a\u200b')],
    ['an invisible separator in the domain', (email: string) => email.replace('@', '@\u2063')],
    ['an ideographic full stop', (email: string) => email.replace('.', '。')],
  ])('makes no second account of an address with %s', async (_, respelled) => {
    const { app, admin } = await world()
    const user = await app.aUser(admin, { email: `a-${anAddress()}` })
    const input = { name: 'Carol', email: respelled(user.email), password }
    expect(input.email).not.toBe(user.email)
    expect(await app.as(admin).refused('CreateUser', { input })).toEqual({
      code: 'CONFLICT',
      data: { fields: ['email'] },
    })
    expect((await app.signIn(input)).accessToken).toEqual(expect.any(String))
  })

  it.each(['а', 'ɑ', 'á'])('refuses an address with the letter %j, which looks like another', async (letter) => {
    const { app, admin } = await world()
    const input = { name: 'Carol', email: `${letter}-${anAddress()}` }
    const { code, data } = await app.as(admin).refused('CreateUser', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path: 'email' }] } })
  })

  it('keeps an international domain in the one spelling that no other looks like', async () => {
    const { app, admin } = await world()
    const local = randomUUID()
    const user = await app.aUser(admin, { email: `${local}@bücher.example` })
    expect(user.email).toBe(`${local}@xn--bcher-kva.example`)
    expect((await app.signIn({ email: `${local}@BÜCHER.example` })).accessToken).toEqual(expect.any(String))
  })

  it('lets users in whose address was kept before it had a normal spelling', async () => {
    const { app, admin } = await world()
    const [plain, wide, other] = await Promise.all([app.aUser(admin), app.aUser(admin), app.aUser(admin)])
    const { database } = app.subgraph('identity')
    const respell = (id: string, email: string) =>
      database.sql`update identity.users set email = ${email} where id = ${id}`
    await respell(wide.id, `ａ${wide.email}`)
    await respell(other.id, plain.email.replace('switchyard', 'switchｙard'))
    await normalizeAddresses(database.db)
    expect((await app.signIn({ email: `a${wide.email}` })).accessToken).toEqual(expect.any(String))
    expect((await app.signIn(plain)).accessToken).toEqual(expect.any(String))
    const kept = await app.as(admin).ok<{ user: { email: string } }>('query ($id: ID!) { user(id: $id) { email } }', {
      id: other.id,
    })
    expect(kept.user.email).toBe(plain.email.replace('switchyard', 'switchｙard'))
  })

  it.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a password that is too short', { password: '1234567' }, 'password'],
    ['a password that is too long', { password: 'x'.repeat(201) }, 'password'],
    ['a role that does not exist', { roleIds: [nobodysId] }, 'roleIds'],
    ['a role that is no id', { roleIds: ['ADMIN'] }, 'roleIds'],
    ['a manager who does not exist', { managerId: nobodysId }, 'managerId'],
    ['a locale that is none', { locale: 'no such tongue' }, 'locale'],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }, 'timeZone'],
  ])('refuses %s', async (_, wrong, path) => {
    const { app, admin } = await world()
    const input = { name: 'Carol', email: anAddress(), ...wrong }
    const { code, data } = await app.as(admin).refused('CreateUser', { input })
    expect({ code, data }).toMatchObject({ code: 'BAD_USER_INPUT', data: { fields: [{ path }] } })
  })

  it.each(['MANAGER', 'AGENT', 'ANALYST', 'VIEWER'] as const)(
    'is not for the role %s, and changes nothing',
    async (role) => {
      const { app, admin } = await world()
      const input = { name: 'Carol', email: anAddress() }
      expect((await app.as(await app.aPerson(role)).refused('CreateUser', { input })).code).toBe('FORBIDDEN')
      const found = await app.as(admin).ok<Listed>('Users', { filter: { email: { eq: input.email } } })
      expect(found.users.totalCount).toBe(0)
    },
  )
})

describe('reading users', () => {
  it('shows everybody the names, and the details to administrators only', async () => {
    const { app, admin, manager, alice } = await world()
    const user = await app.aUser(admin)
    const name = 'query ($id: ID!) { user(id: $id) { name } }'
    for (const person of [manager, alice]) {
      expect(await app.as(person).ok(name, { id: user.id })).toEqual({ user: { name: 'Carol' } })
      for (const field of [
        'email',
        'roles { name }',
        'locale',
        'timeZone',
        'twoFactorEnabled',
        'emailVerifiedAt',
        'lastSeenAt',
      ]) {
        const { code } = await app
          .as(person)
          .refused(`query ($id: ID!) { users(first: 5) { nodes { id } } user(id: $id) { ${field} } }`, { id: user.id })
        expect({ field, code }).toEqual({ field, code: 'FORBIDDEN' })
      }
    }
    const details = 'query ($id: ID!) { user(id: $id) { email locale timeZone twoFactorEnabled emailVerifiedAt } }'
    expect(await app.as(admin).ok(details, { id: user.id })).toEqual({
      user: { email: user.email, locale: 'en', timeZone: 'UTC', twoFactorEnabled: false, emailVerifiedAt: null },
    })
  })

  it('shows managers who reports to whom, and agents not', async () => {
    const { app, admin, manager, alice } = await world()
    const user = await app.aUser(admin, { managerId: manager.id })
    const team = 'query ($id: ID!) { user(id: $id) { manager { id } } }'
    expect(await app.as(manager).ok(team, { id: user.id })).toEqual({ user: { manager: { id: manager.id } } })
    expect((await app.as(alice).refused(team, { id: user.id })).code).toBe('FORBIDDEN')
  })

  it('gives no detail away by what a list finds', async () => {
    const { app, admin, alice } = await world()
    const user = await app.aUser(admin, { name: 'Odd One Out' })
    const local = user.email.slice(0, 20)
    const count = async (person: typeof alice, search: string) =>
      (
        await app
          .as(person)
          .ok<Listed>('query ($search: String) { users(search: $search) { totalCount nodes { id } } }', { search })
      ).users.totalCount
    expect([await count(admin, local), await count(alice, local), await count(alice, 'odd out')]).toEqual([1, 0, 1])
    for (const filter of [{ email: { eq: user.email } }, { not: { roleId: nobodysId } }]) {
      expect(
        (
          await app
            .as(alice)
            .refused('query ($filter: UserFilter) { users(filter: $filter) { totalCount } }', { filter })
        ).code,
      ).toBe('FORBIDDEN')
    }
  })

  it('finds the holders of a role', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin, { role: 'ANALYST' })
    const { roles } = await app.as(admin).ok<{ roles: { id: string; name: string }[] }>('{ roles { id name } }')
    const holders = async (role: string) => {
      const roleId = roles.find(({ name }) => name === role)?.id
      const { users } = await app.as(admin).ok<Listed>('Users', { first: 100, filter: { roleId } })
      return users.nodes.map(({ id }) => id)
    }
    expect(await holders('ANALYST')).toContain(user.id)
    expect(await holders('MANAGER')).not.toContain(user.id)
  })

  it('asks the database for the roles of a whole page at once', async () => {
    const { app, admin } = await world()
    for (const role of ['AGENT', 'ANALYST', 'VIEWER'] as const) await app.aUser(admin, { role })
    const statements = await app.statements('identity', () => app.as(admin).ok('Users', { first: 10 }))
    // Mirrors may be reading users meanwhile, but nobody else asks for who holds which role.
    expect(statements.filter((text) => text.includes('"role_assignments"'))).toHaveLength(1)
  })

  it('is for nobody who is not signed in', async () => {
    const { app } = await world()
    expect((await app.nobody.refused('Users')).code).toBe('UNAUTHENTICATED')
  })
})

describe('blocking a user', () => {
  it('is told of with its reason, and can be taken back', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin)
    const blocked = await app.as(admin).ok('BlockUser', { input: { id: user.id, reason: 'Lost laptop' } })
    expect(blocked).toEqual({ blockUser: { id: user.id, status: 'BLOCKED' } })
    expect(await app.events('identity.user.blocked', user.id)).toMatchObject([
      { payload: { reason: 'Lost laptop' }, changes: [{ field: 'status', before: 'ACTIVE', after: 'BLOCKED' }] },
    ])
    const unblocked = await app.as(admin).ok('UnblockUser', { input: { id: user.id } })
    expect(unblocked).toEqual({ unblockUser: { id: user.id, status: 'ACTIVE' } })
    expect(await app.events('identity.user.unblocked', user.id)).toHaveLength(1)
  })

  it('says what may follow when they cannot be blocked, or let in again', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin)
    const unblocking = await app.as(admin).refused('UnblockUser', { input: { id: user.id } })
    expect(unblocking).toEqual({
      code: 'INVALID_TRANSITION',
      data: { from: 'ACTIVE', to: 'ACTIVE', allowed: ['BLOCKED'] },
    })
    await app.as(admin).ok('BlockUser', { input: { id: user.id } })
    const again = await app.as(admin).refused('BlockUser', { input: { id: user.id } })
    expect(again).toEqual({ code: 'INVALID_TRANSITION', data: { from: 'BLOCKED', to: 'BLOCKED', allowed: ['ACTIVE'] } })
  })

  it('is refused for oneself, for who does not exist, and for an outdated version', async () => {
    const { app, admin } = await world()
    const user = await app.aUser(admin)
    const block = (input: object) => app.as(admin).refused('BlockUser', { input })
    expect((await block({ id: admin.id })).code).toBe('FORBIDDEN')
    expect((await block({ id: nobodysId })).code).toBe('NOT_FOUND')
    expect((await block({ id: 'nonsense' })).code).toBe('NOT_FOUND')
    expect(await block({ id: user.id, expectedVersion: 7 })).toMatchObject({
      code: 'CONFLICT',
      data: { currentVersion: 1 },
    })
    expect(await app.as(admin).ok<Status>(theUser, { id: user.id })).toEqual({ user: { status: 'ACTIVE', version: 1 } })
  })

  it.each(['MANAGER', 'AGENT', 'ANALYST', 'VIEWER'] as const)(
    'is not for the role %s, and changes nothing',
    async (role) => {
      const { app, admin } = await world()
      const user = await app.aUser(admin)
      const other = await app.aPerson(role)
      expect((await app.as(other).refused('BlockUser', { input: { id: user.id } })).code).toBe('FORBIDDEN')
      expect((await app.as(other).refused('UnblockUser', { input: { id: user.id } })).code).toBe('FORBIDDEN')
      expect(await app.as(admin).ok<Status>(theUser, { id: user.id })).toEqual({
        user: { status: 'ACTIVE', version: 1 },
      })
    },
  )
})
