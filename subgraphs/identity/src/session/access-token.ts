// Our own access tokens: short-lived, signed, and naming the session that they stand or fall with.
import type { Clock } from '@switchyard/runtime/clock'
import { unauthenticated } from '@switchyard/runtime/errors'
import { isId } from '@switchyard/runtime/ids'
import { jwtVerify, SignJWT } from 'jose'

export const issuer = 'switchyard'
export const lifetimeSeconds = 15 * 60

export type AccessClaims = { readonly userId: string; readonly sessionId: string; readonly expiresAt: number }

export function accessTokens(secret: Uint8Array, clock: Clock) {
  return {
    sign(userId: string, sessionId: string): Promise<string> {
      const now = Math.floor(clock.now().getTime() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(secret)
    },

    async verify(token: string): Promise<AccessClaims> {
      const options = { algorithms: ['HS256'], issuer, requiredClaims: ['exp', 'sub', 'sid'], currentDate: clock.now() }
      const { sub, sid, exp } = await jwtVerify(token, secret, options).then(
        ({ payload }) => payload,
        () => {
          throw unauthenticated('The access token is not valid.')
        },
      )
      if (!isId(sub) || !isId(sid) || !exp) throw unauthenticated('The access token is not valid.')
      return { userId: sub, sessionId: sid, expiresAt: exp * 1000 }
    },
  }
}
