// What a session's owner is handed: an access token, and a refresh token of which only the hash is kept.
import type { Context, Transaction } from '../context.ts'
import { lifetimeSeconds } from './access-token.ts'
import { digestOf, newSecret } from './secret.ts'
import { lifetimeFrom, type Session } from './session.ts'

/** A new refresh token of the session, at this position among its tokens. */
export async function issueRefreshToken(tx: Transaction, sessionId: string, position: number): Promise<string> {
  const refreshToken = newSecret()
  await tx.refreshTokens.insert({
    hash: digestOf(refreshToken),
    sessionId,
    position,
    expiresAt: lifetimeFrom(tx.clock.now()),
  })
  return refreshToken
}

export const tokensOf = async (ctx: Context, { id, userId }: Session, refreshToken: string) => ({
  accessToken: await ctx.accessTokens.sign(userId, id),
  refreshToken,
  expiresIn: lifetimeSeconds,
})
