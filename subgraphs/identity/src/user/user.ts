// A user: somebody who works here, and whether they may come in.
import { emailAddress } from '@switchyard/runtime/email-address'
import { forbidden, invalidInput, refused } from '@switchyard/runtime/errors'
import { clearable, given, text } from '@switchyard/runtime/input'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'
import type { CreateUserInput } from '../generated/graphql.ts'
import type { users } from './user.table.ts'

export type User = typeof users.$inferSelect

/** An address as it is kept, and found: nobody has two that differ in case. It is in its normal spelling already. */
export const addressOf = (email: string): string => email.toLowerCase()

const newAddress = (email: string, field: string): string => addressOf(emailAddress(email, field) ?? email)

function locale(value: string | null | undefined, field: string): string {
  try {
    return Intl.getCanonicalLocales(value ?? usual.locale)[0] ?? usual.locale
  } catch {
    throw invalidInput(field, 'A locale is a language tag such as nl-NL.')
  }
}

function timeZone(value: string | null | undefined, field: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value ?? usual.timeZone }).resolvedOptions().timeZone
  } catch {
    throw invalidInput(field, 'A time zone is an IANA name such as Europe/Amsterdam.')
  }
}

const usual = { locale: 'en', timeZone: 'UTC' }
const fields = { name: text(), email: newAddress, managerId: clearable<string>, locale, timeZone }

/** A new user: with a password they may come in, without one they are only invited. */
export const newUser = (input: CreateUserInput) => ({
  ...usual,
  ...given(input, fields),
  status: input.password == null ? ('INVITED' as const) : ('ACTIVE' as const),
})

export type Newcomer = { issuer: string; subject: string; name: string; email: string | null }

/** A user of an external issuer, who is let in by that issuer's word. */
export const newcomer = (who: Newcomer) => ({ ...usual, ...who, status: 'ACTIVE' as const })

const nextOf: Record<User['status'], readonly User['status'][]> = {
  INVITED: ['BLOCKED'],
  ACTIVE: ['BLOCKED'],
  BLOCKED: ['ACTIVE'],
  DEACTIVATED: [],
}

function turned(user: User, to: User['status']): User {
  const [from, allowed] = [user.status, nextOf[user.status]]
  if (allowed.includes(to)) return { ...user, status: to }
  throw refused('INVALID_TRANSITION', `A user who is ${from} cannot become ${to}.`, { from, to, allowed })
}

export function blocked(user: User, by: Viewer): User {
  if (user.id === by.id) throw forbidden('You cannot block yourself.')
  return turned(user, 'BLOCKED')
}

export const unblocked = (user: User): User => turned(user, 'ACTIVE')
