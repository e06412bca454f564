import { codeOf, rateLimited, unauthenticated } from '@switchyard/runtime/errors'
import { networkOf } from '@switchyard/runtime/viewer/client-info'
import type { Context } from '../context.ts'
import type { LoginInput } from '../generated/graphql.ts'
import { addressOf, type User } from '../user/user.ts'
import { viewerOfUser } from '../viewer/viewer-of-user.ts'
import { openSession } from './open-session.ts'
import { digestOf } from './secret.ts'
import type { Attempt } from './sign-in-limits.ts'
import { tokensOf } from './tokens.ts'

/** Opens a session. Whatever it is that does not fit, the answer is the same and takes as long. */
export async function login(ctx: Context, { email, password }: LoginInput) {
  try {
    const user = await authenticated(ctx, addressOf(email), password)
    const { session, refreshToken } = await openSession(ctx, user)
    ctx.signIns.inc({ outcome: 'ok' })
    const tokens = await tokensOf(ctx, session, refreshToken)
    const viewer = await viewerOfUser(ctx, user, { sessionId: session.id, expiresAt: null })
    return { ...tokens, twoFactorChallenge: null, viewer }
  } catch (error) {
    if (codeOf(error) === 'RATE_LIMITED') ctx.signIns.inc({ outcome: 'rate_limited' })
    if (codeOf(error) === 'UNAUTHENTICATED') ctx.signIns.inc({ outcome: 'refused' })
    throw error
  }
}

/** The user with this address and password; throws UNAUTHENTICATED, and RATE_LIMITED for an attempt that must wait. */
async function authenticated(ctx: Context, address: string, password: string): Promise<User> {
  const client = digestOf(ctx.client ? networkOf(ctx.client.ipAddress) : '')
  const { user, hash, isKnown } = await ctx.users.credentials(address, client)
  const attempt: Attempt = { account: digestOf(address), client, isKnown }
  const place = ctx.hashing.enter(attempt, ctx.signal)
  try {
    const wait = await ctx.signInFailures.reserve(attempt)
    if (wait > 0) throw rateLimited(wait)
    const isRight = await place.verify(password, hash)
    if (!user || !isRight || user.status !== 'ACTIVE') throw refusal()
    await ctx.signInFailures.forgive(attempt)
    await ctx.knownClients.upsert(user.id, client)
    return user
  } finally {
    place.leave()
  }
}

const refusal = () => unauthenticated('The e-mail address or the password is wrong.')
