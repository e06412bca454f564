// Tokens of an external issuer, so that a bench has as many analysts as it wants without their signing in.
import { createHmac } from 'node:crypto'

export const secretOfIssuer = 'an issuer that only the bench knows'

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export function analystToken(number: number): string {
  const expires = Math.floor(Date.now() / 1000) + 3600
  const claims = { iss: 'bench', sub: `analyst-${number}`, role: 'analyst', exp: expires }
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${createHmac('sha256', secretOfIssuer).update(text).digest('base64url')}`
}
