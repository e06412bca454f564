// A session: a user's sign-in, kept alive by refresh tokens of which only the last is good.
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { refreshTokens, sessions } from './session.table.ts'

export type Session = typeof sessions.$inferSelect
export type RefreshToken = typeof refreshTokens.$inferSelect

const days = 24 * 60 * 60 * 1000
const raceMilliseconds = 10_000

/** Until when a session lasts that is used now. */
export const lifetimeFrom = (now: Date): Date => new Date(now.getTime() + 30 * days)

export const isOver = (session: Session, now: Date): boolean => session.revokedAt !== null || session.expiresAt <= now

/** Two tabs may send the same token: the one just spent is no sign of theft for a moment. */
export const isRace = (sent: RefreshToken, newest: RefreshToken, now: Date): boolean =>
  sent.spentAt !== null &&
  sent.position === newest.position - 1 &&
  now.getTime() - sent.spentAt.getTime() <= raceMilliseconds

type Owner = { readonly id: string; readonly concessionId: string | null }

/** The owner of a session, as far as opening and ending their own sessions goes. */
export const ownerOfSessions = ({ id, concessionId }: Owner): Viewer => ({
  ...anonymous,
  kind: 'USER',
  id,
  concessionId,
  permissions: { 'identity.session.read': 'own', 'identity.session.create': 'own', 'identity.session.update': 'own' },
})
