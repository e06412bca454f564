// The client that sent an operation, as the gateway saw it, and how that crosses a process boundary.
import { tokenSigner, tokenVerifier } from './signed-token.ts'

export type ClientInfo = {
  /** Of the socket, or what a trusted reverse proxy said. */
  readonly ipAddress: string
  /** What the client calls itself, cut at 256 characters; null when it does not say. */
  readonly userAgent: string | null
}

const maxUserAgent = 256

export const clientInfo = (ipAddress: string, userAgent: string | undefined): ClientInfo => ({
  ipAddress,
  userAgent: userAgent?.slice(0, maxUserAgent) ?? null,
})

/** The same text for the same client. */
export const clientText = ({ ipAddress, userAgent }: ClientInfo): string => `${ipAddress} ${userAgent ?? ''}`

const kind = { claim: 'client', audience: 'switchyard-subgraph-client' }

export const clientSigner = (secret: Uint8Array) => tokenSigner(secret, kind, clientText)

export const clientVerifier = (secret: Uint8Array) => tokenVerifier<ClientInfo>(secret, kind)
