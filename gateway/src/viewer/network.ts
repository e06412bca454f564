// Which addresses are ours, by the ranges of INTERNAL_CIDRS.
import { BlockList, isIP, isIPv4 } from 'node:net'

/** Whether an address lies in one of the ranges; an IPv4 address may be written as IPv6, as dual sockets do. */
export function networkOf(cidrs: readonly string[]): (address: string | undefined) => boolean {
  const ranges = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', prefix] = cidr.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    ranges.addSubnet(address, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family)
  }
  return (address) =>
    address !== undefined && isIP(address) !== 0 && ranges.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
