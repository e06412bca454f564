import { password, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Logged = {
  sequence: string
  action: string
  actorId: string | null
  changes: { field: string; before: unknown; after: unknown }[]
  payload: Record<string, unknown>
}
type Events = { auditEvents: { nodes: Logged[] } }

const listed = `query ($filter: AuditEventFilter) {
  auditEvents(filter: $filter) { nodes { sequence action actorId changes { field before after } payload } }
}`

async function readers() {
  const { app, admin, alice } = await world()
  async function read(filter: object = {}): Promise<Logged[]> {
    await app.settled()
    return (await app.as(admin).ok<Events>(listed, { filter })).auditEvents.nodes
  }
  /** Does the work, and tells what it left in the log: who, what and which fields, by the names of the actions. */
  async function leftBy(work: () => Promise<unknown>) {
    const before = Number((await read())[0]?.sequence)
    await work()
    return (await read())
      .filter(({ sequence }) => Number(sequence) > before)
      .sort((a, b) => (a.action < b.action ? -1 : 1))
      .map(({ action, actorId, changes }) => ({ action, actorId, fields: changes.map(({ field }) => field).sort() }))
  }
  return { app, admin, alice, read, leftBy }
}

describe('every mutation', () => {
  it('of crm leaves exactly its entries, with who did it and what changed', async () => {
    const { app, admin, alice, leftBy } = await readers()
    const seen = new Set<string>()
    const did = async (field: string, input: object, ...entries: [action: string, fields?: string[]][]) => {
      seen.add(field)
      const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`
      let made = ''
      const left = await leftBy(async () => {
        const text = `mutation ($input: ${type}) { ${field}(input: $input) { id } }`
        made = (await app.as(admin).ok<Record<string, { id: string }>>(text, { input }))[field]?.id ?? ''
      })
      expect([field, left]).toEqual([
        field,
        entries.map(([action, fields]) => ({ action, actorId: admin.id, fields: fields ?? expect.any(Array) })),
      ])
      return made
    }
    const stages = [
      { name: 'New', kind: 'OPEN' },
      { name: 'Won', kind: 'WON' },
      { name: 'Lost', kind: 'LOST' },
    ]
    const pipeline = { name: `Sales of ${admin.id}`, currency: 'EUR', stages }
    const stage: [string] = ['crm.stage.created']
    const pipelineId = await did('createPipeline', pipeline, ['crm.pipeline.created'], stage, stage, stage)
    await did('createCompany', { name: 'Acme' }, ['crm.company.created', ['name']])
    const tagId = await did('createTag', { name: `VIP ${admin.id}` }, ['crm.tag.created', ['name']])
    const id = await did('createCustomer', { name: 'Anna' }, ['crm.customer.created'])
    await did('updateCustomer', { id, name: 'Ann', ownerId: alice.id }, ['crm.customer.updated', ['name', 'ownerId']])
    await did('tagCustomer', { customerId: id, tagId }, ['crm.customer.updated', ['tagIds']])
    await did('untagCustomer', { customerId: id, tagId }, ['crm.customer.updated', ['tagIds']])
    const contact = await did('createContact', { customerId: id, name: 'Piet' }, ['crm.contact.created'])
    await did('updateContact', { id: contact, title: 'Buyer' }, ['crm.contact.updated', ['title']])
    const second = await did('createContact', { customerId: id, name: 'Jan' }, ['crm.contact.created'])
    await did(
      'setPrimaryContact',
      { id: second },
      ['crm.contact.made_primary', ['isPrimary']],
      ['crm.contact.updated', ['isPrimary']],
    )
    await did('deleteContact', { id: contact }, ['crm.contact.deleted'])
    const deal = await did('createDeal', { title: 'Chairs', customerId: id, pipelineId }, ['crm.deal.created'])
    await did('updateDeal', { id: deal, amount: { amount: '5', currency: 'EUR' } }, ['crm.deal.updated', ['amount']])
    const found = await app
      .as(admin)
      .ok<{ pipeline: { stages: { id: string; name: string }[] } }>(
        'query ($id: ID!) { pipeline(id: $id) { stages { id name } } }',
        { id: pipelineId },
      )
    const stageId = found.pipeline.stages.find(({ name }) => name === 'Won')?.id
    await did('moveDeal', { id: deal, stageId }, ['crm.deal.moved', ['closedAt', 'stageId', 'status']])
    await did('deleteDeal', { id: deal }, ['crm.deal.deleted', ['deletedAt']])
    await did('deleteCustomer', { id }, ['crm.customer.deleted', ['deletedAt']])
    await did('restoreCustomer', { id }, ['crm.customer.restored', ['deletedAt']])
    expect([...seen].sort()).toEqual(Object.keys(app.subgraph('crm').subgraph.permissions.Mutation ?? {}).sort())
  })

  it('of identity leaves exactly its entries, and no secret in any of them', async () => {
    const { app, admin, read, leftBy } = await readers()
    const actions = async (work: () => Promise<unknown>) => (await leftBy(work)).map(({ action }) => action)
    const carol = { email: '', id: '', name: '' }
    const secrets = [password]
    const signIn = async () => {
      const session = await app.signIn(carol)
      secrets.push(session.accessToken, session.refreshToken)
      return session
    }
    expect(await actions(async () => Object.assign(carol, await app.aUser(admin)))).toEqual(['identity.user.created'])
    expect(await actions(signIn)).toEqual(['identity.session.opened'])
    const session = await signIn()
    expect(
      await actions(() => app.nobody.ok('RefreshSession', { input: { refreshToken: session.refreshToken } })),
    ).toEqual([])
    expect(await actions(() => session.ok('Logout'))).toEqual(['identity.session.revoked'])
    const reason = 'Left the company'
    expect(await actions(() => app.as(admin).ok('BlockUser', { input: { id: carol.id, reason } }))).toEqual([
      'identity.session.revoked',
      'identity.user.blocked',
    ])
    expect(await actions(() => app.as(admin).ok('UnblockUser', { input: { id: carol.id } }))).toEqual([
      'identity.user.unblocked',
    ])
    const [blocked] = await read({ entityId: { eq: carol.id }, action: { eq: 'identity.user.blocked' } })
    expect(blocked).toMatchObject({ actorId: admin.id, payload: { reason } })
    expect(blocked?.changes).toEqual([{ field: 'status', before: 'ACTIVE', after: 'BLOCKED' }])
    const rows = await app.subgraph('audit').database.sql`select changes, payload from audit.details`
    const hashes = (await app.subgraph('identity').database.sql`
      select hash from identity.passwords union all select hash from identity.refresh_tokens`) as unknown as {
      hash: string
    }[]
    const text = JSON.stringify(rows)
    expect([...secrets, ...hashes.map(({ hash }) => hash)].filter((secret) => text.includes(secret))).toEqual([])
    expect(text).not.toMatch(/password|secret|token|hash/i)
  })
})
