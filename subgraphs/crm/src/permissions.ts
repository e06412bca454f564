// The role law of crm: what each field asks of the viewer's roles. Whose rows are whose stands in the policies.
import { can, law } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

export const permissions = law<Resolvers>({
  Query: {
    company: can('crm.company.read'),
    companies: can('crm.company.read'),
    contact: can('crm.contact.read'),
    customer: can('crm.customer.read'),
    customers: can('crm.customer.read'),
    deal: can('crm.deal.read'),
    deals: can('crm.deal.read'),
    pipeline: can('crm.pipeline.read'),
    pipelines: can('crm.pipeline.read'),
    tags: can('crm.tag.read'),
  },
  Mutation: {
    createCompany: can('crm.company.create'),
    createContact: can('crm.contact.create'),
    updateContact: can('crm.contact.update'),
    deleteContact: can('crm.contact.update'),
    setPrimaryContact: can('crm.contact.update'),
    createCustomer: can('crm.customer.create'),
    updateCustomer: can('crm.customer.update'),
    deleteCustomer: can('crm.customer.delete'),
    restoreCustomer: can('crm.customer.delete'),
    createDeal: can('crm.deal.create'),
    updateDeal: can('crm.deal.update'),
    moveDeal: can('crm.deal.update'),
    deleteDeal: can('crm.deal.delete'),
    createPipeline: can('crm.pipeline.create'),
    createTag: can('crm.tag.create'),
    tagCustomer: can('crm.tag.assign'),
    untagCustomer: can('crm.tag.assign'),
  },
  Subscription: {
    dealChanged: can('crm.deal.read'),
  },
  Customer: {
    contacts: can('crm.contact.read'),
    deals: can('crm.deal.read'),
  },
  DealStage: {
    deals: can('crm.deal.read'),
  },
})
