// Things for tests, made as their owners would make them: through the graph.
import { randomUUID } from 'node:crypto'
import type { Person } from './people.ts'
import type { Session } from './session.ts'

export type Made = { readonly id: string; readonly version: number }
export type Stage = { readonly id: string; readonly name: string; readonly kind: 'OPEN' | 'WON' | 'LOST' }
export type MadePipeline = { readonly id: string; readonly stages: readonly Stage[]; stage(name: string): Stage }
export type MadeDeal = Made & { readonly pipeline: MadePipeline; readonly customerId: string }

type Of = { owner: Person } & Record<string, unknown>

const usualStages = [
  { name: 'New', kind: 'OPEN' },
  { name: 'Qualified', kind: 'OPEN' },
  { name: 'Negotiation', kind: 'OPEN' },
  { name: 'Won', kind: 'WON' },
  { name: 'Lost', kind: 'LOST' },
]

export function builders(as: (person: Person) => Session) {
  async function aPipeline(
    maker: Person,
    stages: readonly Record<string, unknown>[] = usualStages,
  ): Promise<MadePipeline> {
    const { createPipeline } = await as(maker).ok<{ createPipeline: Omit<MadePipeline, 'stage'> }>(
      'mutation ($input: CreatePipelineInput!) { createPipeline(input: $input) { id stages { id name kind } } }',
      { input: { name: `Sales ${randomUUID()}`, currency: 'EUR', stages } },
    )
    return {
      ...createPipeline,
      stage(name) {
        const found = createPipeline.stages.find((stage) => stage.name === name)
        if (!found) throw new Error(`This pipeline has no stage ${name}.`)
        return found
      },
    }
  }

  async function aCustomer({ owner, ...input }: Of): Promise<Made> {
    const { createCustomer } = await as(owner).ok<{ createCustomer: Made }>(
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id version } }',
      { input: { name: 'Northwind', ...input } },
    )
    return createCustomer
  }

  async function aContact({ owner, ...input }: Of): Promise<Made> {
    const { createContact } = await as(owner).ok<{ createContact: Made }>(
      'mutation ($input: CreateContactInput!) { createContact(input: $input) { id version } }',
      { input: { name: 'Piet', ...input } },
    )
    return createContact
  }

  /** A deal of the owner's, with a customer of theirs, in a stage of the pipeline. */
  async function aDeal({
    owner,
    pipeline,
    stage = 'New',
    ...input
  }: Of & { pipeline: MadePipeline; stage?: string }): Promise<MadeDeal> {
    const customerId = (input.customerId as string | undefined) ?? (await aCustomer({ owner })).id
    const { createDeal } = await as(owner).ok<{ createDeal: Made }>(
      'mutation ($input: CreateDealInput!) { createDeal(input: $input) { id version } }',
      { input: { title: 'Big order', customerId, stageId: pipeline.stage(stage).id, ...input } },
    )
    return { ...createDeal, pipeline, customerId }
  }

  return { aPipeline, aCustomer, aContact, aDeal }
}
