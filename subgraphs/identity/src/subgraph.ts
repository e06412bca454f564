// identity: what it is made of.
import { subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { services, stores } from './context.ts'
import { permissions } from './permissions.ts'
import { roleResolvers } from './role/role.resolvers.ts'
import { installBuiltInRoles } from './role/role.store.ts'
import { deleteOldSignIns, forgetSessions } from './session/session.jobs.ts'
import { sessionResolvers } from './session/session.resolvers.ts'
import { userResolvers } from './user/user.resolvers.ts'
import { normalizeAddresses } from './user/user.store.ts'
import { viewerResolvers } from './viewer/viewer.resolvers.ts'

export const identity = subgraph('identity', {
  stores,
  services,
  install: async (db) => {
    await installBuiltInRoles(db)
    await normalizeAddresses(db)
  },
  resolvers: [roleResolvers, sessionResolvers, userResolvers, viewerResolvers],
  permissions,
  jobs: [deleteOldSignIns, forgetSessions],
})
