// Which sockets come from inside: by the address of the socket, never by a header that anybody may send.
import { BlockList, isIPv4 } from 'node:net'

export function internalAddresses(cidrs: readonly string[]): (address: string | undefined) => boolean {
  const inside = new BlockList()
  for (const cidr of cidrs) {
    const [net = '', prefix] = cidr.split('/')
    const family = isIPv4(net) ? 'ipv4' : 'ipv6'
    inside.addSubnet(net, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
  }
  return (address) => {
    const plain = address?.replace(/^::ffff:(?=\d+\.)/, '') ?? ''
    return plain !== '' && inside.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }
}
