// What the configured external issuer has signed: its claims, or a refusal that says no more than that.
import { type JWTPayload, jwtVerify } from 'jose'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { unauthenticated } from '../errors.ts'

export type IssuedClaims = JWTPayload & { readonly exp: number }

/** Throws UNAUTHENTICATED for a token that the issuer did not sign, that has ended, or that is for somebody else. */
export async function issuedClaims(
  token: string,
  { secret, issuer, audience }: NonNullable<Config['externalIssuer']>,
  clock: Clock,
): Promise<IssuedClaims> {
  const verified = jwtVerify<{ exp: number }>(token, secret, {
    algorithms: ['HS256'],
    requiredClaims: ['exp'],
    clockTolerance: 5,
    currentDate: clock.now(),
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  })
  const { payload } = await verified.catch(() => {
    throw unauthenticated('The token is not valid.')
  })
  return payload
}
