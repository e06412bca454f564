// Which sockets come from inside: by the address of the socket, never by a header that anybody may send.
import { BlockList, isIP, isIPv4 } from 'node:net'

/** Whether an address lies in one of the ranges; an IPv4 address may be written as IPv6, as dual sockets do. */
export function internalAddresses(cidrs: readonly string[]): (address: string | undefined) => boolean {
  const inside = new BlockList()
  for (const cidr of cidrs) {
    const [net = '', prefix] = cidr.split('/')
    const family = isIPv4(net) ? 'ipv4' : 'ipv6'
    inside.addSubnet(net, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
  }
  return (address) =>
    address !== undefined && isIP(address) !== 0 && inside.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
