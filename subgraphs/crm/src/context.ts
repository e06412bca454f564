// The stores of crm, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import { companyStore } from './company/company.store.ts'
import { contactStore } from './contact/contact.store.ts'
import { customerStore } from './customer/customer.store.ts'
import { dealStore } from './deal/deal.store.ts'
import { pipelineStore, stageStore } from './pipeline/pipeline.store.ts'
import { tagStore } from './tag/tag.store.ts'
import { userStore } from './user/user.store.ts'

export const stores = {
  companies: companyStore,
  contacts: contactStore,
  customers: customerStore,
  deals: dealStore,
  pipelines: pipelineStore,
  stages: stageStore,
  tags: tagStore,
  users: userStore,
}

export type Context = ContextOf<typeof stores>
export type Transaction = TransactionOf<typeof stores>
