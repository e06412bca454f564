// campaigns: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { campaignResolvers } from './campaign/campaign.resolvers.ts'
import { services, stores } from './context.ts'
import { mailRoute } from './mail/mail.route.ts'
import { messageJobs } from './message/message.jobs.ts'
import { messageResolvers } from './message/message.resolvers.ts'
import { permissions } from './permissions.ts'
import { progressJobs } from './progress/progress.jobs.ts'
import { totalResolvers } from './total/total.resolvers.ts'

export const campaigns = subgraph('campaigns', {
  stores,
  services,
  resolvers: [campaignResolvers, messageResolvers, totalResolvers],
  permissions,
  routes: [mailRoute],
  jobs: [...messageJobs, ...progressJobs],
})
