// Who asks a graph that is not ours: anybody at all or, where an issuer is configured, the holders of its tokens.
import type { Clock } from '@switchyard/runtime/clock'
import type { Config } from '@switchyard/runtime/config'
import { unauthenticated } from '@switchyard/runtime/errors'
import { issuedClaims } from '@switchyard/runtime/viewer/issued-token'
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { Credential } from '../viewer/credentials.ts'
import { createKnownViewers } from '../viewer/known-viewers.ts'
import type { Viewers } from '../viewer/viewers.ts'

/** What a client shows is between it and the subgraphs. */
export const anybody = (): Credential => ({ viewer: anonymous })

const unchanging = { onInvalidated: () => () => {}, close: async () => {} }

export const everybody: Viewers = { of: async () => anonymous, ...unchanging }

/** Nobody else is let in: subgraphs that are not ours may well rely on it. */
export function holdersOfTokens(issuer: NonNullable<Config['externalIssuer']>, clock: Clock): Viewers {
  const known = createKnownViewers(async (token) => {
    const { sub, exp } = await issuedClaims(token, issuer, clock)
    if (typeof sub !== 'string' || sub === '') throw unauthenticated('The token does not say who it is for.')
    return { ...anonymous, kind: 'USER', id: sub, expiresAt: exp * 1000 } satisfies Viewer
  }, clock)
  return {
    async of(credential, beforeAsking) {
      if ('token' in credential) return known.of(credential.token, beforeAsking)
      if (credential.viewer.kind === 'ANONYMOUS') throw unauthenticated('Send a token: Authorization: Bearer <token>.')
      return credential.viewer
    },
    ...unchanging,
  }
}
