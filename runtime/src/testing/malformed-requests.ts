// What each of our HTTP servers does with requests that nobody should send: the same tests for all of them.
import { describe, expect, it } from 'vitest'
import { bareUpgradeOf, type RawResponse, sendAndReset, sendRaw, upgradeOf } from './raw-http.ts'

const codeOf = ({ body }: RawResponse) => JSON.parse(body).errors[0].extensions.code

export function malformedRequestTests(name: string, port: () => number | Promise<number>): void {
  describe(`${name}, sent what it cannot read`, () => {
    it.each([
      ['a request line that is not HTTP', 'nonsense\r\n\r\n', 400],
      ['a TLS handshake', Buffer.from('16030100a5010000a10303', 'hex'), 400],
      ['an address without a host', 'GET http://[/mail HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['an address that is no URL', 'GET mail HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['an address of another protocol', 'GET ftp://x/mail HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      ['a request without a Host', 'GET /mail HTTP/1.1\r\n\r\n', 400],
      ['a header without a name', 'GET /mail HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
      [
        'two lengths of a body',
        'POST /mail HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
        400,
      ],
      ['headers that are too large', `GET /mail HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
      ['a request to be a proxy', 'CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n', 405],
      ['TRACE', 'TRACE /mail HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ])('responds to %s in JSON, and closes the connection', async (_, bytes, status) => {
      const response = await sendRaw(await port(), bytes)
      expect([response.status, codeOf(response)]).toEqual([status, 'BAD_REQUEST'])
      expect(response.headers.toLowerCase()).toContain('content-type: application/json')
    })
  })
}

export function malformedUpgradeTests(name: string, port: () => number | Promise<number>): void {
  describe(`${name}, asked for an upgrade that it does not accept`, () => {
    it.each(['//', '//x/graphql', '/', '/graphqlx', 'http://x/mail', '/%zz'])(
      'responds to the path %s in JSON, and closes the connection',
      async (target) => {
        const response = await sendRaw(await port(), bareUpgradeOf(target))
        expect([response.status, codeOf(response)]).toEqual([404, 'NOT_FOUND'])
      },
    )

    it.each(['http://[/graphql', 'graphql', 'x:'])('responds to the address %s in JSON', async (target) => {
      const response = await sendRaw(await port(), upgradeOf(target))
      expect([response.status, codeOf(response)]).toEqual([400, 'BAD_REQUEST'])
    })

    it.each([
      ['a handshake without a key', bareUpgradeOf('/graphql')],
      ['a protocol that cannot be parsed', upgradeOf('/graphql', 'Sec-WebSocket-Protocol: ,,\r\n')],
    ])('responds to %s in JSON', async (_, bytes) => {
      const response = await sendRaw(await port(), bytes)
      expect([response.status, codeOf(response)]).toEqual([400, 'BAD_REQUEST'])
    })

    it('goes on when the client resets the connection', async () => {
      const bytes = ['/elsewhere', '//', '/graphql'].map((target) => upgradeOf(target))
      for (let round = 0; round < 20; round++) {
        await Promise.all(bytes.map(async (each) => sendAndReset(await port(), each)))
      }
      expect(codeOf(await sendRaw(await port(), upgradeOf('/elsewhere')))).toBe('NOT_FOUND')
    })
  })
}
