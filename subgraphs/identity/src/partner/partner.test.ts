import { randomUUID } from 'node:crypto'
import { service } from '@switchyard/runtime/viewer/viewer'
import { documents, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import type { Context } from '../context.ts'
import { type RegisterPartnerInput, registerPartner } from './register-partner.ts'

const clerk = service('test', ['identity.partner.read', 'identity.partner.create'])

async function withPartner(input: Partial<RegisterPartnerInput> = {}) {
  const { app } = await world()
  const ctx = app.subgraph('identity').open({ viewer: clerk, requestId: 'test' }) as unknown as Context
  const registered = await registerPartner(ctx, {
    name: `Northwind ${randomUUID()}`,
    operations: ['PartnerPipelines'],
    permissions: ['crm.pipeline.read'],
    ...input,
  })
  return { app, ...registered }
}

describe("a partner's key", () => {
  it('runs the operations that it was registered for, and no other', async () => {
    const { app, key } = await withPartner()
    const session = app.bearing(key)
    expect(await session.ok(documents.get('PartnerPipelines') ?? '')).toMatchObject({ pipelines: expect.any(Array) })
    expect((await session.refused('{ me { id } }')).code).toBe('QUERY_NOT_IN_SAFELIST')
    expect((await session.refused('PartnerDealList')).code).toBe('QUERY_NOT_IN_SAFELIST')
  })

  it('may do what was granted with it, and nothing else', async () => {
    const { app, key } = await withPartner({ permissions: ['crm.tag.read'] })
    expect((await app.bearing(key).refused('PartnerPipelines')).code).toBe('FORBIDDEN')
  })

  it('is kept as a hash only, and told to nobody', async () => {
    const { app, partner, key } = await withPartner()
    expect(key).toMatch(/^swp_[\w-]{43}$/)
    const { sql } = app.subgraph('identity').database
    const [kept] = await sql`select hash from identity.partner_keys where partner_id = ${partner.id}`
    expect(kept?.hash).not.toContain(key)
    const [event] = await app.events('identity.partner.registered', partner.id)
    expect(JSON.stringify([event?.payload, event?.changes])).not.toContain(key)
  })

  it('is refused when it is not known', async () => {
    const { app, key } = await withPartner()
    for (const wrong of [`${key}x`, key.slice(0, -1), 'swp_', `swp_${'A'.repeat(43)}`]) {
      expect((await app.bearing(wrong).refused('PartnerPipelines')).code).toBe('UNAUTHENTICATED')
    }
  })
})
