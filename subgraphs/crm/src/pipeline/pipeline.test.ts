import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'

type Created = { createPipeline: { id: string } }
const open = { name: 'New', kind: 'OPEN' }
const closing = [
  { name: 'Won', kind: 'WON' },
  { name: 'Lost', kind: 'LOST' },
]
const input = (stages: object[], name = `Sales ${crypto.randomUUID()}`) => ({
  input: { name, currency: 'EUR', stages },
})

describe('creating a pipeline', () => {
  it('keeps its stages in order, with probabilities that rise towards the win', async () => {
    const { app, admin } = await world()
    const { createPipeline } = await app
      .as(admin)
      .ok<Created>('CreatePipeline', input([open, { name: 'Offer', kind: 'OPEN', rottingAfterDays: 7 }, ...closing]))
    const query =
      'query ($id: ID!) { pipeline(id: $id) { stages { name position probability kind rottingAfterDays allowedNext { name } } } }'
    expect(await app.as(admin).ok(query, { id: createPipeline.id })).toMatchObject({
      pipeline: {
        stages: [
          {
            name: 'New',
            position: 1,
            probability: 33,
            allowedNext: [{ name: 'Offer' }, { name: 'Won' }, { name: 'Lost' }],
          },
          { name: 'Offer', position: 2, probability: 67, rottingAfterDays: 7 },
          { name: 'Won', position: 3, probability: 100 },
          { name: 'Lost', position: 4, probability: 0 },
        ],
      },
    })
    expect(await app.events('crm.pipeline.created', createPipeline.id)).toHaveLength(1)
  })

  it('shows the default one first among all', async () => {
    const { app, admin, alice } = await world()
    await app.as(admin).ok('CreatePipeline', input([open, ...closing]))
    await app.as(admin).ok('CreatePipeline', input([open, ...closing]))
    const { pipelines } = await app.as(alice).ok<{ pipelines: { isDefault: boolean }[] }>('Pipelines')
    expect(pipelines.map(({ isDefault }) => isDefault)).toEqual([true, ...Array(pipelines.length - 1).fill(false)])
  })

  it.each([
    ['no stages', []],
    ['no open stage', closing],
    ['no stage to win in', [open, { name: 'Lost', kind: 'LOST' }]],
    ['two stages of one name', [open, open, ...closing]],
    ['a next stage that does not exist', [{ ...open, allowedNext: ['Offer'] }, ...closing]],
    ['a probability over 100', [{ ...open, probability: 101 }, ...closing]],
  ])('refuses %s', async (_, stages) => {
    const { app, admin } = await world()
    expect((await app.as(admin).refused('CreatePipeline', input(stages))).code).toBe('BAD_USER_INPUT')
  })

  it('refuses a name that is taken, whatever its case', async () => {
    const { app, admin } = await world()
    const name = `Sales ${crypto.randomUUID()}`
    await app.as(admin).ok('CreatePipeline', input([open, ...closing], name))
    expect(await app.as(admin).refused('CreatePipeline', input([open, ...closing], name.toUpperCase()))).toMatchObject({
      code: 'CONFLICT',
      data: { fields: ['name'] },
    })
  })

  it.each(['MANAGER', 'AGENT', 'ANALYST', 'VIEWER'] as const)(
    'is not for the role %s, and makes nothing',
    async (role) => {
      const { app } = await world()
      const person = await app.aPerson(role)
      const before = await app.events('crm.pipeline.created')
      expect((await app.as(person).refused('CreatePipeline', input([open, ...closing]))).code).toBe('FORBIDDEN')
      expect(await app.events('crm.pipeline.created')).toEqual(before)
    },
  )
})
