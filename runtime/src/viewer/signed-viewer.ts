// How a viewer crosses a process boundary: signed by the gateway, checked by the subgraph, good for a minute.
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { unauthenticated } from '../errors.ts'
import type { Viewer } from './viewer.ts'

const audience = 'switchyard-subgraph'
const lifetimeSeconds = 60

/** Signs viewers, each once per half lifetime, so that a busy viewer costs one signature every thirty seconds. */
export function viewerSigner(secret: Uint8Array) {
  const signed = new LRUCache<Viewer, Promise<string>>({ max: 10_000, ttl: (lifetimeSeconds / 2) * 1000 })
  return (viewer: Viewer): Promise<string> => {
    const known = signed.get(viewer)
    if (known) return known
    const token = new SignJWT({ viewer })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(secret)
    signed.set(viewer, token)
    return token
  }
}

/** The viewer in a signed token; UNAUTHENTICATED for anything the gateway did not sign within the last minute. */
export function viewerVerifier(secret: Uint8Array) {
  const verified = new LRUCache<string, { viewer: Viewer; expiresAt: number }>({ max: 10_000 })
  return async (token: string | undefined): Promise<Viewer> => {
    if (!token) throw unauthenticated('This subgraph answers the gateway only.')
    const known = verified.get(token)
    if (known && known.expiresAt > Date.now()) return known.viewer
    const { payload } = await jwtVerify<{ viewer: Viewer }>(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp'],
      clockTolerance: 5,
    }).catch(() => {
      throw unauthenticated('This subgraph answers the gateway only.')
    })
    verified.set(token, { viewer: payload.viewer, expiresAt: (payload.exp ?? 0) * 1000 })
    return payload.viewer
  }
}
