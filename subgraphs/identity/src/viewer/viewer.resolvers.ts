import { service } from '@switchyard/runtime/viewer/viewer'
import type { Resolvers } from '../generated/graphql.ts'
import { written } from '../role/role.ts'
import { sessionPolicy } from '../session/session.policy.ts'
import { userPolicy } from '../user/user.policy.ts'
import { viewerByToken } from './viewer-by-token.ts'
import { changesViewers, concernedBy } from './viewer-change.ts'

const watcher = service('identity.viewers', ['identity.user.read', 'identity.session.read'])

export const viewerResolvers = {
  Query: {
    me: (_, __, ctx) => ctx.viewer,
    viewerByToken: (_, { token }, ctx) => viewerByToken(ctx, token),
  },
  Subscription: {
    viewersChanged: {
      subscribe: (_, { after }, ctx) =>
        ctx.as(watcher).follow([userPolicy, sessionPolicy], 'viewersChanged', after, changesViewers),
    },
  },
  Viewer: {
    id: (viewer) => viewer.id ?? '',
    permissions: (viewer) => written(viewer.permissions),
    tenant: (_, __, ctx) => ctx.tenant,
    user: (viewer, _, ctx) => (viewer.kind === 'USER' && viewer.id ? ctx.users.known(viewer.id) : null),
    impersonator: (viewer, _, ctx) => (viewer.impersonatorId ? ctx.users.known(viewer.impersonatorId) : null),
  },
  ViewerChange: {
    userId: ({ event }) => concernedBy(event).userId,
    sessionId: ({ event }) => concernedBy(event).sessionId,
  },
} satisfies Resolvers
