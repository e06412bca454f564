// The address of the client: the socket's, or what a trusted reverse proxy says in X-Forwarded-For.
import type { IncomingMessage } from 'node:http'
import proxyaddr from 'proxy-addr'

export type ClientAddress = (request: IncomingMessage) => string

/**
 * Reads `X-Forwarded-For` from the right, as long as each address is one of `trustedProxies` (CIDR ranges, or the names
 * that proxy-addr knows). Without any, the header is ignored. An IPv4 address mapped into IPv6 is returned as IPv4.
 */
export function clientAddressReader(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyaddr.compile([...trustedProxies])
  return (request) => {
    if (trustedProxies.length === 0) return unmapped(request.socket.remoteAddress ?? '')
    return unmapped(proxyaddr(request, isTrusted) ?? '')
  }
}

const unmapped = (address: string) => (address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address)
