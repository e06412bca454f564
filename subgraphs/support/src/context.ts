// The stores of support, and so what its resolvers, jobs and reactions are handed.
import type { ContextOf, TransactionOf } from '@switchyard/runtime/context/context'
import { customerStore } from './customer/customer.store.ts'
import { replyStore } from './reply/reply.store.ts'
import { ticketStore } from './ticket/ticket.store.ts'
import { userStore } from './user/user.store.ts'

export const stores = {
  customers: customerStore,
  replies: replyStore,
  tickets: ticketStore,
  users: userStore,
}

export type Context = ContextOf<typeof stores>
export type Transaction = TransactionOf<typeof stores>
