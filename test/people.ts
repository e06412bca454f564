// People for tests: they come with a token of an external issuer, as the console's users may.
import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Session } from './session.ts'

export type Role = 'ADMIN' | 'MANAGER' | 'AGENT' | 'ANALYST' | 'VIEWER'

export type Person = { readonly id: string; readonly name: string; readonly role: Role; readonly token: string }

/** A token of the external issuer; `claims` replace the usual ones, undefined leaves one out. */
const externalToken = (secret: string, claims: Record<string, unknown>): Promise<string> =>
  new SignJWT({ sub: randomUUID(), ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret))

export const people = (as: (person: Person) => Session, jwtSecret: string) => ({
  /** Somebody with one of the built-in roles. */
  async aPerson(role: Role, name: string = role): Promise<Person> {
    const token = await externalToken(jwtSecret, { role, name })
    const nameless = { id: '', name, role, token }
    const { me } = await as(nameless).ok<{ me: { user: { id: string } } }>('{ me { user { id } } }')
    return { ...nameless, id: me.user.id }
  },

  /** A token of the external issuer for a subject of its own, unless the claims name another. */
  tokenWith: (claims: Record<string, unknown>): Promise<string> => externalToken(jwtSecret, claims),
})
