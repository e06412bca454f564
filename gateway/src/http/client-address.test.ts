// Whose address a request is counted by.
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { clientAddressReader } from './client-address.ts'

const requestFrom = (remoteAddress: string, forwardedFor?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  }) as unknown as IncomingMessage

test('without trusted proxies, X-Forwarded-For is ignored', () => {
  expect(clientAddressReader([])(requestFrom('10.0.0.1', '203.0.113.9'))).toBe('10.0.0.1')
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9, 10.0.0.2', '203.0.113.9'],
  [undefined, '10.0.0.1'],
])('behind a trusted proxy, %s is read from the right to %s', (forwardedFor, expected) => {
  expect(clientAddressReader(['10.0.0.0/8'])(requestFrom('10.0.0.1', forwardedFor))).toBe(expected)
})

test('a client that is no trusted proxy cannot choose its address', () => {
  expect(clientAddressReader(['10.0.0.0/8'])(requestFrom('203.0.113.7', '198.51.100.1'))).toBe('203.0.113.7')
})

test('an IPv4 address mapped into IPv6 is the IPv4 address', () => {
  expect(clientAddressReader([])(requestFrom('::ffff:203.0.113.9'))).toBe('203.0.113.9')
})
