// The stores and services of campaigns, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import type { Host } from '@switchyard/runtime/subgraph/subgraph'
import { campaignStore } from './campaign/campaign.store.ts'
import { customerStore } from './customer/customer.store.ts'
import { openMailer } from './mail/mailer.ts'
import { messageStore } from './message/message.store.ts'
import { progressStore } from './progress/progress.store.ts'

export const stores = {
  campaigns: campaignStore,
  customers: customerStore,
  messages: messageStore,
  progress: progressStore,
}

export const services = (host: Host) => ({ mailer: openMailer(host) })

type Services = ReturnType<typeof services>

export type Context = ContextOf<typeof stores, Services>
export type Transaction = TransactionOf<typeof stores, Services>
