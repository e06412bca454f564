// Users for tests who sign in here, with a password, and so have a session of ours.
import { randomUUID } from 'node:crypto'
import type { Person, Role } from './people.ts'
import type { Session } from './session.ts'

export const password = 'correct horse battery staple'

export type User = { readonly id: string; readonly email: string; readonly name: string }
export type SignedIn = Session & { readonly accessToken: string; readonly refreshToken: string }

type Tokens = { login: { accessToken: string; refreshToken: string } }

export const users = (as: (person: Person | null) => Session) => ({
  /** A user made by the administrator; with the usual password unless the input says otherwise. */
  async aUser(admin: Person, input: Record<string, unknown> & { role?: Role } = {}): Promise<User> {
    const { role, ...given } = input
    const { roles } = await as(admin).ok<{ roles: { id: string; name: string }[] }>('{ roles { id name } }')
    const roleIds = role && roles.filter(({ name }) => name === role).map(({ id }) => id)
    const { createUser } = await as(admin).ok<{ createUser: User }>('CreateUser', {
      input: { name: 'Carol', email: `${randomUUID()}@switchyard.example`, password, roleIds, ...given },
    })
    return createUser
  },

  async signIn({ email }: Pick<User, 'email'>): Promise<SignedIn> {
    const { login } = await as(null).ok<Tokens>('Login', { input: { email, password } })
    const session = as({ id: '', name: '', role: 'VIEWER', token: login.accessToken })
    return { ...session, ...login }
  },

  /** Whoever sends this token. */
  bearing: (token: string): Session => as({ id: '', name: '', role: 'VIEWER', token }),
})
