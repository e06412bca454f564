// The kinds of values that variables hold, each with the sentence that says what it must be.
import { isIP } from 'node:net'
import { z } from 'zod'

const checked = (isValid: (text: string) => boolean, message: string) => z.string().refine(isValid, message)

export const wholeNumber = (min: number, max: number) =>
  checked(
    (text) => /^\d{1,12}$/.test(text) && Number(text) >= min && Number(text) <= max,
    `must be a whole number from ${min} to ${max}`,
  ).transform(Number)

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })

export const flag = oneOf('true', 'false').transform((text) => text === 'true')

/** Parts between commas, each of them of this kind. */
export const list = (part: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(part))

export const cidr = checked(isCidr, 'must be ranges such as 10.0.0.0/8, separated by commas')

export const trustedProxy = checked(
  (text) => isCidr(text) || ['loopback', 'linklocal', 'uniquelocal'].includes(text),
  'must be ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
)

/** An origin as browsers send it: scheme, host and, unless it is the scheme's own, port. */
export const origin = checked(
  (text) => hasProtocol(text, /^https?:$/) && new URL(text).origin === text,
  'must be origins such as https://console.example or http://localhost:3000, without a path, separated by commas',
)

const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*\.?$/i

export const host = checked(
  (text) => isIP(text) !== 0 || hostName.test(text),
  'must be an IP address or a host name, without scheme, port or brackets',
)

export const httpUrl = checked(
  (text) => hasProtocol(text, /^https?:$/),
  'must be a URL such as http://crm:4002/graphql',
)
export const postgresUrl = checked(
  (text) => hasProtocol(text, /^postgres(ql)?:$/),
  'must be a URL such as postgres://user:password@host:5432/database',
)
/** A user of PostgreSQL that is made, so that it must have a name and a password. */
export const loginUrl = postgresUrl.refine((text) => {
  const url = URL.parse(text)
  return url === null || (url.username !== '' && url.password !== '')
}, 'must have a user and a password')
export const redisUrl = checked(
  (text) => hasProtocol(text, /^rediss?:$/),
  'must be a URL such as redis://:password@host:6379',
)
export const smtpUrl = checked(
  (text) => hasProtocol(text, /^smtps?:$/),
  'must be a URL such as smtp://user:password@host:587',
)

// what belongs to one connection, or describes the body that the gateway writes anew
const notForwardable =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-.*|accept.*|expect)$/

export const headerName = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9-]+$/, 'must be names of headers, separated by commas')
  .refine((name) => !notForwardable.test(name), 'must not be a header of the connection or of the body')

function hasProtocol(text: string, protocol: RegExp): boolean {
  const url = URL.parse(text)
  return url !== null && protocol.test(url.protocol) && url.hostname !== ''
}

function isCidr(text: string): boolean {
  const [address = '', prefix = '0', ...rest] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
}
