// People for tests: they come with a token of an external issuer, as the console's users may.
import { randomUUID } from 'node:crypto'
import type { Clock } from '@switchyard/runtime/clock'
import { SignJWT } from 'jose'
import type { Session } from './session.ts'

export type Role = 'ADMIN' | 'MANAGER' | 'AGENT' | 'ANALYST' | 'VIEWER'

export type Person = { readonly id: string; readonly name: string; readonly role: Role; readonly token: string }

const anHour = 60 * 60_000

export const people = (as: (person: Person) => Session, jwtSecret: string, clock: Clock) => {
  /** A token of the external issuer; `claims` replace the usual ones, undefined leaves one out. */
  const tokenWith = (claims: Record<string, unknown>): Promise<string> =>
    new SignJWT({ sub: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(new Date(clock.now().getTime() + anHour))
      .sign(new TextEncoder().encode(jwtSecret))

  /** Somebody with one of the built-in roles. */
  async function aPerson(role: Role, name: string = role): Promise<Person> {
    const token = await tokenWith({ role, name })
    const nameless = { id: '', name, role, token }
    const { me } = await as(nameless).ok<{ me: { user: { id: string } } }>('{ me { user { id } } }')
    return { ...nameless, id: me.user.id }
  }

  return { aPerson, tokenWith }
}
