// Makes the viewer of a user: what their roles let them do, and until when that is known.
import { anonymous, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { Context } from '../context.ts'
import { type Role, widest } from '../role/role.ts'
import type { User } from '../user/user.ts'

type Credential = Pick<Viewer, 'sessionId' | 'expiresAt'>

/** With the roles that the user was given here. */
export async function viewerOfUser(ctx: Context, user: User, { sessionId, expiresAt }: Credential): Promise<Viewer> {
  const [roles, firstExpiry] = await Promise.all([ctx.roles.ofUser(user.id), ctx.roles.firstExpiryOf(user.id)])
  const ends = [expiresAt, firstExpiry?.getTime()].filter((end) => end != null)
  return viewerWith(ctx, user, roles, { sessionId, expiresAt: ends.length ? Math.min(...ends) : null })
}

export async function viewerWith(
  ctx: Context,
  user: User,
  roles: readonly Role[],
  credential: Credential,
): Promise<Viewer> {
  const grants = await Promise.all(roles.map(({ id }) => ctx.roles.grantsOf(id)))
  const permissions = widest(grants.flat())
  const hasTeam = Object.values(permissions).includes('team')
  return {
    ...anonymous,
    kind: 'USER',
    id: user.id,
    roles: roles.map(({ name }) => name),
    permissions,
    reports: hasTeam ? await ctx.users.reportsOf(user.id) : [],
    concessionId: user.concessionId,
    ...credential,
  }
}
