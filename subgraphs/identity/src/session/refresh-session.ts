import { unauthenticated } from '@switchyard/runtime/errors'
import type { Context, Transaction } from '../context.ts'
import type { RefreshSessionInput } from '../generated/graphql.ts'
import { endSession } from './end-session.ts'
import { digestOf } from './secret.ts'
import { isOver, isRace, lifetimeFrom, ownerOfSessions } from './session.ts'
import { issueRefreshToken, tokensOf } from './tokens.ts'

export async function refreshSession(ctx: Context, { refreshToken }: RefreshSessionInput) {
  const hash = digestOf(refreshToken)
  const origin = await ctx.refreshTokens.origin(hash)
  if (!origin) throw refusal()
  const owner = ctx.as(ownerOfSessions(origin.user))
  const rotated = await owner.transaction((tx) => rotate(tx, hash, origin.sessionId, origin.user.id))
  // Outside of the transaction: a refusal that ends the session must not take that back.
  if (!rotated) throw refusal()
  return tokensOf(ctx, rotated.session, rotated.refreshToken)
}

const refusal = () => unauthenticated('The refresh token is not valid: sign in again.')

/** Spends the token for its successor; null when it cannot be, having ended the session if the token was stolen. */
async function rotate(tx: Transaction, hash: string, sessionId: string, userId: string) {
  const now = tx.clock.now()
  // The user before the session, in the order in which blocking locks them.
  const mayComeIn = await tx.users.lockActive(userId)
  const session = await tx.sessions.lock({ id: sessionId })
  const family = await tx.refreshTokens.ofSession(sessionId)
  const [newest, sent] = [family[0], family.find((token) => token.hash === hash)]
  if (!newest || !sent || !mayComeIn || isOver(session, now)) return null
  if (sent.spentAt) {
    if (!isRace(sent, newest, now)) await endSession(tx, session, 'reuse')
    return null
  }
  await tx.refreshTokens.updateSpent(hash)
  await tx.refreshTokens.removeExpired(sessionId)
  await tx.sessions.updateLifetime(sessionId, lifetimeFrom(now))
  return { session, refreshToken: await issueRefreshToken(tx, sessionId, sent.position + 1) }
}
