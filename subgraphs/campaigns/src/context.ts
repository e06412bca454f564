// The stores and services of campaigns, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import type { Host } from '@switchyard/runtime/subgraph/subgraph'
import { campaignStore } from './campaign/campaign.store.ts'
import { customerStore } from './customer/customer.store.ts'
import { caughtMailsIn } from './mail/caught-mails.ts'
import { mailFolder, openMailer } from './mail/mailer.ts'
import { messageStore } from './message/message.store.ts'
import { orderStore } from './order/order.store.ts'
import { progressStore } from './progress/progress.store.ts'
import { totalStore } from './total/total.store.ts'

export const stores = {
  campaigns: campaignStore,
  customers: customerStore,
  messages: messageStore,
  orders: orderStore,
  progress: progressStore,
  totals: totalStore,
}

export const services = (host: Host) => ({
  mailer: openMailer(host),
  /** What was caught instead of sent; undefined in production. */
  caughtMails: host.config.production ? undefined : () => caughtMailsIn(mailFolder(host.config)),
})

type Services = ReturnType<typeof services>

export type Context = ContextOf<typeof stores, Services>
export type Transaction = TransactionOf<typeof stores, Services>
