// The key that the limits count a client by: a viewer by its id, everybody else by the address.
import { networkOf } from '@switchyard/runtime/viewer/client-info'
import type { Viewer } from '@switchyard/runtime/viewer/viewer'

export const clientKey = (viewer: Viewer, address: string): string =>
  viewer.id === null ? addressKey(address) : `viewer:${viewer.kind}:${viewer.id}`

/** A customer of an IPv6 provider has at least a /64, and can send from each of its addresses. */
export const addressKey = (address: string): string => `address:${networkOf(address).slice(0, longestAddress)}`

const longestAddress = 45
