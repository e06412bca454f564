// audit: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { chainJobs } from './chain/chain.jobs.ts'
import { chainResolvers } from './chain/chain.resolvers.ts'
import { protectChain } from './chain/protect.store.ts'
import { services, stores } from './context.ts'
import { eventReactions } from './event/event.reactions.ts'
import { eventResolvers } from './event/event.resolvers.ts'
import { permissions } from './permissions.ts'

export const audit = subgraph('audit', {
  stores,
  services,
  install: protectChain,
  resolvers: [chainResolvers, eventResolvers],
  permissions,
  reactions: [...eventReactions],
  jobs: [...chainJobs],
})
