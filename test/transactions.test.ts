import { service } from '@switchyard/runtime/viewer/viewer'
import { describe, expect, it } from 'vitest'
import { world } from './app.ts'

type Tag = { id: string; name: string; version: number }
type Tx = {
  tags: { insert(row: object): Promise<Tag>; lock(target: object): Promise<Tag>; update(row: Tag): Promise<Tag> }
  record(event: object): void
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}
type Ctx = { tags: { find(id: string): Promise<Tag | null>; all(): Promise<Tag[]> } } & Pick<Tx, 'transaction'>

const told = (type: string, { id }: Tag) => ({ type, entityId: id, payload: {} })

async function crm() {
  const { app } = await world()
  const viewer = service('test', ['crm.tag.read', 'crm.tag.create', 'crm.tag.update'])
  const open = () => app.subgraph('crm').open({ viewer, requestId: 'test' }) as unknown as Ctx
  const aTag = (ctx: Pick<Tx, 'transaction'>, name: string = crypto.randomUUID()) =>
    ctx.transaction(async (tx) => {
      const tag = await tx.tags.insert({ name })
      tx.record(told('crm.tag.created', tag))
      return tag
    })
  return { app, open, aTag }
}

describe('a transaction', () => {
  it('is taken back whole when its work fails, with its events', async () => {
    const { app, open, aTag } = await crm()
    const ctx = open()
    let id = ''
    const work = ctx.transaction(async (tx) => {
      id = (await aTag(tx)).id
      throw new Error('The work failed.')
    })
    await expect(work).rejects.toThrow('The work failed.')
    expect(await ctx.tags.find(id)).toBeNull()
    expect(await app.events('crm.tag.created', id)).toEqual([])
  })

  it('is refused when it wrote a row that no event tells of', async () => {
    const { open } = await crm()
    const ctx = open()
    const name = crypto.randomUUID()
    await expect(ctx.transaction((tx) => tx.tags.insert({ name }))).rejects.toThrow('written without an event')
    expect((await ctx.tags.all()).map((tag) => tag.name)).not.toContain(name)
  })

  it('is refused when it tells of a row that it did not write', async () => {
    const { open, aTag } = await crm()
    const ctx = open()
    const tag = await aTag(ctx)
    const work = ctx.transaction(async (tx) => tx.record(told('crm.tag.updated', tag)))
    await expect(work).rejects.toThrow('did not write')
  })

  it('is joined by a use case that is called inside it', async () => {
    const { app, open, aTag } = await crm()
    const ctx = open()
    const [first, second] = await ctx.transaction(async (tx) => [await aTag(tx), await aTag(tx)] as const)
    expect([await ctx.tags.find(first.id), await ctx.tags.find(second.id)]).toEqual([first, second])
    expect(await app.events('crm.tag.created', second.id)).toHaveLength(1)
  })

  it('makes forgotten what was loaded before it', async () => {
    const { open, aTag } = await crm()
    const ctx = open()
    const { id } = await aTag(ctx)
    await ctx.tags.find(id)
    const name = crypto.randomUUID()
    await ctx.transaction(async (tx) => {
      const next = await tx.tags.update({ ...(await tx.tags.lock({ id })), name })
      tx.record(told('crm.tag.updated', next))
    })
    expect(await ctx.tags.find(id)).toMatchObject({ name, version: 2 })
  })

  it('is run again when it met another one in a deadlock, and both are done', async () => {
    const { open, aTag } = await crm()
    const [a, b] = [await aTag(open()), await aTag(open())]
    const both = (first: Tag, second: Tag) =>
      open().transaction(async (tx) => {
        for (const { id } of [first, second]) {
          const tag = await tx.tags.lock({ id })
          await new Promise((resolve) => setTimeout(resolve, 100))
          tx.record(told('crm.tag.updated', await tx.tags.update({ ...tag, name: crypto.randomUUID() })))
        }
      })
    await Promise.all([both(a, b), both(b, a)])
    const ctx = open()
    expect([await ctx.tags.find(a.id), await ctx.tags.find(b.id)]).toMatchObject([{ version: 3 }, { version: 3 }])
  })

  it('changes a row only after it was locked', async () => {
    const { open, aTag } = await crm()
    const tag = await aTag(open())
    const work = open().transaction((tx) => tx.tags.update({ ...tag, name: 'unlocked' }))
    await expect(work).rejects.toThrow('must be locked')
  })
})
