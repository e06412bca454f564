import { type Person, type TestApp, world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Changed = { dealChanged: { cursor: string; kind: string; deal: { id: string; stage: { name: string } } | null } }

async function board() {
  const { app, admin, ...people } = await world()
  return { app, admin, pipeline: await app.aPipeline(admin), ...people }
}
const assign = (app: TestApp, manager: Person, id: string, ownerId: string) =>
  app
    .as(manager)
    .ok('mutation ($input: UpdateDealInput!) { updateDeal(input: $input) { id } }', { input: { id, ownerId } })

describe('following deals', () => {
  it('tells of a move, with fields of another subgraph', async () => {
    const { app, alice, pipeline } = await board()
    const deal = await app.aDeal({ owner: alice, pipeline })
    await app.settled()
    const changes = await app.as(alice).subscribe<Changed>('DealChanged', { pipelineId: pipeline.id })
    await app.as(alice).ok('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage('Won').id } })
    expect((await changes.next()).dealChanged).toMatchObject({
      kind: 'UPDATED',
      deal: { id: deal.id, status: 'WON', stage: { name: 'Won' }, owner: { id: alice.id, name: 'Alice' } },
    })
    await changes.close()
  })

  it("says nothing of another pipeline's deals", async () => {
    const { app, admin, alice, pipeline } = await board()
    const changes = await app.as(alice).subscribe('DealChanged', { pipelineId: pipeline.id })
    await app.aDeal({ owner: alice, pipeline: await app.aPipeline(admin) })
    await changes.nothing(400)
    await changes.close()
  })

  it('says nothing of deals that the subscriber may not see', async () => {
    const { app, alice, bob, pipeline } = await board()
    const changes = await app.as(bob).subscribe('DealChanged', { pipelineId: pipeline.id })
    await app.aDeal({ owner: alice, pipeline })
    await changes.nothing(400)
    await changes.close()
  })

  it('tells the old owner that a deal has left, and shows it to the new one', async () => {
    const { app, manager, alice, bob, pipeline } = await board()
    const deal = await app
      .aDeal({ owner: alice, pipeline, customerId: (await app.aCustomer({ owner: manager })).id })
      .catch(() => undefined)
    expect(deal).toBeUndefined() // an agent cannot sell to a customer that they do not see
    const { id } = await app.aDeal({ owner: manager, pipeline, ownerId: alice.id })
    await app.settled()
    const [old, new_] = [
      await app.as(alice).subscribe<Changed>('DealChanged'),
      await app.as(bob).subscribe<Changed>('DealChanged'),
    ]
    await assign(app, manager, id, bob.id)
    expect((await old.next()).dealChanged).toMatchObject({ kind: 'LEFT', deal: null })
    expect((await new_.next()).dealChanged).toMatchObject({ kind: 'UPDATED', deal: { id } })
    await Promise.all([old.close(), new_.close()])
  })

  it('delivers first what was missed after a cursor, then what happens', async () => {
    const { app, alice, pipeline } = await board()
    const first = await app.as(alice).subscribe<Changed>('DealChanged', { pipelineId: pipeline.id })
    const deal = await app.aDeal({ owner: alice, pipeline })
    const { cursor } = (await first.next()).dealChanged
    await first.close()

    const move = (stage: string) =>
      app.as(alice).ok('MoveDeal', { input: { id: deal.id, stageId: pipeline.stage(stage).id } })
    await move('Qualified')
    await move('Negotiation')
    const second = await app.as(alice).subscribe<Changed>('DealChanged', { pipelineId: pipeline.id, after: cursor })
    const missed = [(await second.next()).dealChanged, (await second.next()).dealChanged]
    expect(missed).toMatchObject([{ kind: 'UPDATED' }, { kind: 'UPDATED' }])
    await move('Won')
    expect((await second.next()).dealChanged.deal?.stage.name).toBe('Won')
    await second.close()
  })

  it('refuses a cursor that is not one of this subscription', async () => {
    const { app, alice } = await board()
    const changes = await app.as(alice).subscribe('DealChanged', { after: 'made up' })
    await expect(changes.next()).rejects.toThrow('BAD_USER_INPUT')
  })

  it('is not for those who may not read deals', async () => {
    const { app } = await board()
    const viewer = await app.aPerson('VIEWER')
    const changes = await app.as(viewer).subscribe('DealChanged')
    await expect(changes.next()).rejects.toThrow('FORBIDDEN')
  })
})
