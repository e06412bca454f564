// support: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { stores } from './context.ts'
import { permissions } from './permissions.ts'
import { replyResolvers } from './reply/reply.resolvers.ts'
import { ticketResolvers } from './ticket/ticket.resolvers.ts'
import { wakeTicket } from './ticket/wake-ticket.ts'

export const support = subgraph('support', {
  stores,
  resolvers: [replyResolvers, ticketResolvers],
  permissions,
  jobs: [wakeTicket],
})
