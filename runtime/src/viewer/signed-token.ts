// How a value crosses from the gateway to a subgraph in another process: signed by the one, checked by the other, good for
// a minute.
import { jwtVerify, SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import { unauthenticated } from '../errors.ts'

const lifetimeSeconds = 60
const maxCached = 10_000

/** Under which name the value stands in its token, and for whom the token is: one sort is never taken for another. */
export type TokenKind = { readonly claim: string; readonly audience: string }

/** Signs values, those with an equal key once per half lifetime, so that a busy one costs one signature every thirty seconds. */
export function tokenSigner<Value, Key extends object | string>(
  secret: Uint8Array,
  { claim, audience }: TokenKind,
  keyOf: (value: Value) => Key,
) {
  const signed = new LRUCache<Key, Promise<string>>({ max: maxCached, ttl: (lifetimeSeconds / 2) * 1000 })
  return (value: Value): Promise<string> => {
    const key = keyOf(value)
    const known = signed.get(key)
    if (known) return known
    const token = new SignJWT({ [claim]: value })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setExpirationTime(`${lifetimeSeconds}s`)
      .sign(secret)
    signed.set(key, token)
    return token
  }
}

/** The value in a signed token; UNAUTHENTICATED for anything the gateway did not sign within the last minute. */
export function tokenVerifier<Value extends object>(secret: Uint8Array, { claim, audience }: TokenKind) {
  const verified = new LRUCache<string, { value: Value; expiresAt: number }>({ max: maxCached })
  return async (token: string | undefined): Promise<Value> => {
    if (!token) throw refusal()
    const known = verified.get(token)
    if (known && known.expiresAt > Date.now()) return known.value
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', claim],
      clockTolerance: 5,
    }).catch(() => {
      throw refusal()
    })
    const value = payload[claim] as Value
    verified.set(token, { value, expiresAt: (payload.exp ?? 0) * 1000 })
    return value
  }
}

const refusal = () => unauthenticated('This subgraph answers the gateway only.')
