// The key that the limits count a client by: a viewer by its id, everybody else by the address.
import { isIPv6 } from 'node:net'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'

export const clientKey = (viewer: Viewer, address: string): string =>
  viewer.id === null ? addressKey(address) : `viewer:${viewer.kind}:${viewer.id}`

/** A customer of an IPv6 provider has at least a /64, and can send from each of its addresses. */
export const addressKey = (address: string): string =>
  `address:${isIPv6(address) ? networkOf(address) : address.slice(0, longestAddress)}`

const longestAddress = 45
const groupsOfNetwork = 4

function networkOf(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, groupsOfNetwork)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
