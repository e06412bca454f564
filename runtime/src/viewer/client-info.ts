// The client that sent an operation, as the gateway saw it, and how that crosses a process boundary.
import { isIPv6 } from 'node:net'
import { tokenSigner, tokenVerifier } from './signed-token.ts'

export type ClientInfo = {
  /** Of the socket, or what a trusted reverse proxy said. */
  readonly ipAddress: string
  /** What the client calls itself, cut at 256 characters; null when it does not say. */
  readonly userAgent: string | null
}

const maxUserAgent = 256
const groupsOfNetwork = 4

export const clientInfo = (ipAddress: string, userAgent: string | undefined): ClientInfo => ({
  ipAddress,
  userAgent: userAgent?.slice(0, maxUserAgent) ?? null,
})

/** The part of an address that a client cannot choose: of IPv6 the first 64 bits, since everybody is given a /64. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, groupsOfNetwork)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** The same text for the same client. */
export const clientText = ({ ipAddress, userAgent }: ClientInfo): string => `${ipAddress} ${userAgent ?? ''}`

const kind = { claim: 'client', audience: 'switchyard-subgraph-client' }

export const clientSigner = (secret: Uint8Array) => tokenSigner(secret, kind, clientText)

export const clientVerifier = (secret: Uint8Array) => tokenVerifier<ClientInfo>(secret, kind)
