// crm: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { companyResolvers } from './company/company.resolvers.ts'
import { contactResolvers } from './contact/contact.resolvers.ts'
import { stores } from './context.ts'
import { customerResolvers } from './customer/customer.resolvers.ts'
import { dealResolvers } from './deal/deal.resolvers.ts'
import { permissions } from './permissions.ts'
import { pipelineResolvers } from './pipeline/pipeline.resolvers.ts'
import { tagResolvers } from './tag/tag.resolvers.ts'

export const crm = subgraph('crm', {
  stores,
  resolvers: [companyResolvers, contactResolvers, customerResolvers, dealResolvers, pipelineResolvers, tagResolvers],
  permissions,
})
