// Tokens of an external issuer: whom they vouch for, in which tenants, with which roles.
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { isUnambiguous, normalAddress } from '@switchyard/runtime/email-address'
import { unauthenticated } from '@switchyard/runtime/errors'
import { issuedClaims } from '@switchyard/runtime/viewer/issued-token'
import { z } from 'zod'
import { addressOf } from '../user/user.ts'

// What PostgreSQL cannot keep names nobody.
const storable = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .refine((text) => text.isWellFormed() && !text.includes('\0'))
/** The address as users' are kept; none where it could be taken for another. */
const address = (text: string): string | undefined => {
  const normal = normalAddress(text)
  return normal !== undefined && isUnambiguous(normal) ? addressOf(normal) : undefined
}
const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())])

const claims = z.object({
  iss: storable.default('external'),
  exp: z.number(),
  sub: storable.optional(),
  user_id: z.union([storable, z.number().int().transform(String)]).optional(),
  role: oneOrMore.default([]),
  roles: oneOrMore.default([]),
  tenants: z.array(z.string()).optional(),
  name: storable.optional().catch(undefined),
  email: z.string().transform(address).optional().catch(undefined),
})

export type Voucher = {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly email: string | null
  readonly roles: readonly string[]
  /** Null when the token does not say. */
  readonly tenants: readonly string[] | null
  readonly expiresAt: number
}

/** Reads what the configured issuer vouches for; without one, no token is good. */
export function externalTokens(trusted: Config['externalIssuer'], clock: Clock) {
  return {
    async verify(token: string): Promise<Voucher> {
      if (!trusted) throw unauthenticated('The token is not valid.')
      const payload = await issuedClaims(token, trusted, clock)
      const { success, data } = claims.safeParse(payload)
      const subject = data?.sub ?? data?.user_id
      if (!success || subject === undefined) throw unauthenticated('The token does not say who it is for.')
      const { iss, name, email, role, roles, tenants, exp } = data
      return {
        issuer: iss,
        subject,
        name: name ?? email ?? subject,
        email: email ?? null,
        roles: [...new Set([...role, ...roles].map((one) => one.toUpperCase()))],
        tenants: tenants ?? null,
        expiresAt: exp * 1000,
      }
    },
  }
}
