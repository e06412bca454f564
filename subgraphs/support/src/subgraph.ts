// support: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { stores } from './context.ts'
import { customerJobs } from './customer/customer.jobs.ts'
import { customerReactions } from './customer/customer.reactions.ts'
import { permissions } from './permissions.ts'
import { replyResolvers } from './reply/reply.resolvers.ts'
import { ticketResolvers } from './ticket/ticket.resolvers.ts'
import { wakeTicket } from './ticket/wake-ticket.ts'
import { userJobs } from './user/user.jobs.ts'
import { userReactions } from './user/user.reactions.ts'

export const support = subgraph('support', {
  stores,
  resolvers: [replyResolvers, ticketResolvers],
  permissions,
  reactions: [...customerReactions, ...userReactions],
  jobs: [...customerJobs, ...userJobs, wakeTicket],
})
