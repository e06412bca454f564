import { rateLimited, unauthenticated } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import type { LoginInput } from '../generated/graphql.ts'
import { matches } from '../user/password.ts'
import { addressOf } from '../user/user.ts'
import { viewerOfUser } from '../viewer/viewer-of-user.ts'
import { openSession } from './open-session.ts'
import { digestOf } from './secret.ts'
import { tokensOf } from './tokens.ts'

/** Opens a session. Whatever it is that does not fit, the answer is the same and takes as long. */
export async function login(ctx: Context, { email, password }: LoginInput) {
  const address = addressOf(email)
  const tried = digestOf(address)
  const wait = await ctx.signInFailures.wait(tried)
  if (wait > 0) {
    ctx.signIns.inc({ outcome: 'rate_limited' })
    throw rateLimited(wait)
  }
  const { user, hash } = await ctx.users.credentials(address)
  const isRight = await matches(password, hash)
  if (!user || !isRight || user.status !== 'ACTIVE') {
    await ctx.signInFailures.note(tried)
    ctx.signIns.inc({ outcome: 'refused' })
    throw unauthenticated('The e-mail address or the password is wrong.')
  }
  const { session, refreshToken } = await openSession(ctx, user)
  await ctx.signInFailures.forget(tried)
  ctx.signIns.inc({ outcome: 'ok' })
  const tokens = await tokensOf(ctx, session, refreshToken)
  const viewer = await viewerOfUser(ctx, user, { sessionId: session.id, expiresAt: null })
  return { ...tokens, twoFactorChallenge: null, viewer }
}
