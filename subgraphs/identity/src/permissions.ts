// The role law of identity: what each field asks of the viewer's roles, and which of a user's fields are their own to read.
import { can, canOrSelf, everyone, law, signedIn } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

export const permissions = law<Resolvers>({
  Query: {
    me: signedIn,
    roles: can('identity.role.read'),
    user: can('identity.user.read'),
    users: can('identity.user.read'),
    viewerByToken: can('identity.viewer.resolve'),
  },
  Mutation: {
    login: everyone,
    refreshSession: everyone,
    logout: signedIn,
    createUser: can('identity.user.create'),
    blockUser: can('identity.user.block'),
    unblockUser: can('identity.user.block'),
  },
  Subscription: {
    viewersChanged: can('identity.viewer.resolve'),
  },
  User: {
    name: canOrSelf('identity.user.read'),
    status: canOrSelf('identity.user.read'),
    createdAt: canOrSelf('identity.user.read'),
    updatedAt: canOrSelf('identity.user.read'),
    version: canOrSelf('identity.user.read'),
    manager: canOrSelf('identity.user.read_team'),
    email: canOrSelf('identity.user.read_details'),
    roles: canOrSelf('identity.user.read_details'),
    locale: canOrSelf('identity.user.read_details'),
    timeZone: canOrSelf('identity.user.read_details'),
    twoFactorEnabled: canOrSelf('identity.user.read_details'),
    emailVerifiedAt: canOrSelf('identity.user.read_details'),
    lastSeenAt: canOrSelf('identity.user.read_details'),
  },
})
