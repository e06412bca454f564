// What a request shows of who sends it: a bearer token, the internal service key, or nothing.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '@switchyard/runtime/config'
import { unauthenticated } from '@switchyard/runtime/errors'
import { internalAddresses } from '@switchyard/runtime/process/internal-addresses'
import { anonymous, service, type Viewer } from '@switchyard/runtime/viewer/viewer'

export type Credential = { readonly viewer: Viewer } | { readonly token: string }

/** Reads the credential of a request; `address` is the socket's, since any client can write a header. */
export function credentialReader({ serviceKey, internalCidrs }: Pick<Config, 'serviceKey' | 'internalCidrs'>) {
  const isInternal = internalAddresses(internalCidrs)
  const internal = service('internal', [])

  return (headers: IncomingHttpHeaders, address: string | undefined): Credential => {
    const key = headers['x-internal-service-key']
    if (typeof key === 'string' && serviceKey !== undefined && isInternal(address)) {
      if (!sameSecret(key, serviceKey)) throw unauthenticated('The service key is not ours.')
      return { viewer: internal }
    }
    return headers.authorization === undefined ? { viewer: anonymous } : bearer(headers.authorization)
  }
}

/** The token of an Authorization header, or of what stands for one in a WebSocket's first message. */
export function bearer(authorization: unknown): { token: string } {
  const token =
    typeof authorization === 'string' ? /^bearer +([\x21-\x7e]{1,8192})$/i.exec(authorization)?.[1] : undefined
  if (token === undefined) throw unauthenticated('The Authorization header must read: Bearer <token>.')
  return { token }
}

const sameSecret = (a: string, b: string) => timingSafeEqual(digest(a), digest(b))

const digest = (text: string) => createHash('sha256').update(text).digest()
