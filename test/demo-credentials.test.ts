// The credentials of the demo world, as production finds them in identity's database.
import { createHash } from 'node:crypto'
import { createLog } from '@switchyard/runtime/log'
import { describe, expect, it } from 'vitest'
import { emailOf, partnerKey, password } from '../demo/people.ts'
import { refuseDemoCredentials } from '../demo/production.ts'
import { testApp } from './app.ts'

const createUser = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id version } }'

describe('credentials that are public', async () => {
  const app = await testApp()
  const admin = app.as(await app.aPerson('ADMIN'))
  const check = () =>
    refuseDemoCredentials({ url: app.database.url, variable: 'DATABASE_URL', log: createLog('silent', 'test') })
  const user = async (email: string, secret: string) => {
    const { createUser: made } = await admin.ok<{ createUser: { id: string } }>(createUser, {
      input: { name: 'Somebody', email, password: secret },
    })
    return made.id
  }

  it('are none in a database without them, and none of whoever has an address of the demo world with a password of their own', async () => {
    await check()
    await user(emailOf('viewer'), 'a password of their own')
    await user('somebody@company.example', password)
    await check()
  })

  it('are those of users who are active, until they are blocked', async () => {
    const id = await user(emailOf('agent'), password)
    await expect(check()).rejects.toThrow('whose credentials are public: agent@demo.example.')
    await admin.ok('mutation ($input: BlockUserInput!) { blockUser(input: $input) { id } }', { input: { id } })
    await check()
  })

  it("are the demo partner's key, until it is revoked", async () => {
    const hash = createHash('sha256').update(partnerKey).digest('base64url')
    await app.database.run(`
      insert into identity.partners (id, created_at, updated_at, version, name, operations, permissions)
      values (gen_random_uuid(), now(), now(), 1, 'Somebody', '{}', '{}');
      insert into identity.partner_keys (hash, partner_id, created_at)
      select '${hash}', id, now() from identity.partners where name = 'Somebody'`)
    await expect(check()).rejects.toThrow("whose credentials are public: the demo partner's key.")
    await app.database.run(`update identity.partner_keys set revoked_at = now() where hash = '${hash}'`)
    await check()
  })
})
