import { systemClock } from '@switchyard/runtime/clock'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { externalTokens } from './external-token.ts'

const secret = new TextEncoder().encode('x'.repeat(32))
const token = (claims: Record<string, unknown>) =>
  new SignJWT({ sub: 'erin', role: 'AGENT', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(secret)

describe('an external issuer that is named in the configuration', () => {
  const tokens = externalTokens({ secret, issuer: 'https://issuer.example', audience: 'switchyard' }, systemClock)

  it('vouches for the subjects of its own tokens', async () => {
    const good = { iss: 'https://issuer.example', aud: 'switchyard' }
    expect(await tokens.verify(await token(good))).toMatchObject({
      issuer: 'https://issuer.example',
      subject: 'erin',
      roles: ['AGENT'],
    })
  })

  it.each([
    [{ aud: 'switchyard' }],
    [{ iss: 'evil', aud: 'switchyard' }],
    [{ iss: 'https://issuer.example' }],
    [{ iss: 'https://issuer.example', aud: 'evil' }],
  ])('does not for a token that says %j', async (claims) => {
    await expect(tokens.verify(await token(claims))).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
  })
})

it('no external token is good where no issuer is configured', async () => {
  const tokens = externalTokens(undefined, systemClock)
  await expect(tokens.verify(await token({}))).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
})
