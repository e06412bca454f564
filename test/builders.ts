// Things for tests, made as their owners would make them: through the graph.
import { randomUUID } from 'node:crypto'
import type { Person } from './people.ts'
import type { Session } from './session.ts'

export type Made = { readonly id: string; readonly version: number }
export type Stage = { readonly id: string; readonly name: string; readonly kind: 'OPEN' | 'WON' | 'LOST' }
export type MadePipeline = { readonly id: string; readonly stages: readonly Stage[]; stage(name: string): Stage }
export type MadeDeal = Made & { readonly pipeline: MadePipeline; readonly customerId: string }
export type MadeTicket = Made & { readonly customerId: string }
export type MadeOrder = Made & { readonly customerId: string }

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

  /** A ticket in the queue, of a customer of the owner's unless the input names one. */
  async function aTicket({ owner, ...input }: Of): Promise<MadeTicket> {
    const customerId = (input.customerId as string | undefined) ?? (await aCustomer({ owner })).id
    const { createTicket } = await as(owner).ok<{ createTicket: Made }>(
      'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { id version } }',
      { input: { subject: 'The chair squeaks', body: 'It does so all day.', customerId, ...input } },
    )
    return { ...createTicket, customerId }
  }

  /** A product for sale, of which there is plenty. */
  async function aProduct(maker: Person, input: Record<string, unknown> = {}): Promise<Made> {
    const usual = { sku: randomUUID(), name: 'Chair', status: 'ACTIVE', stockOnHand: 1000 }
    const { createProduct } = await as(maker).ok<{ createProduct: Made }>(
      'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id version } }',
      { input: { ...usual, price: { amount: '1250', currency: 'EUR' }, ...input } },
    )
    return createProduct
  }

  /** An order of one product, for a customer of the owner's unless the input names one. */
  async function anOrder({
    owner,
    product,
    quantity = 1,
    ...input
  }: Of & { product: Made; quantity?: number }): Promise<MadeOrder> {
    const customerId = (input.customerId as string | undefined) ?? (await aCustomer({ owner })).id
    const { placeOrder } = await as(owner).ok<{ placeOrder: Made }>(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id version } }',
      { input: { customerId, lines: [{ productId: product.id, quantity }] } },
    )
    return { ...placeOrder, customerId }
  }

  /** A draft for these customers. */
  async function aCampaign({ owner, ...input }: Of): Promise<Made> {
    const { createCampaign } = await as(owner).ok<{ createCampaign: Made }>(
      'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id version } }',
      { input: { name: 'Spring', channel: 'EMAIL', template: '<p>Dear {{customer.name}}</p>', ...input } },
    )
    return createCampaign
  }

  return { aPipeline, aCustomer, aContact, aDeal, aCampaign, aTicket, aProduct, anOrder }
}
