import { unauthenticated } from '@switchyard/runtime/errors'
import { sessionOpened } from '@switchyard/schema/events/identity'
import type { Context } from '../context.ts'
import type { User } from '../user/user.ts'
import { lifetimeFrom, ownerOfSessions } from './session.ts'
import { issueRefreshToken } from './tokens.ts'

/** Opens a session for a user who has proven to be one; refused when they were blocked a moment ago. */
export const openSession = (ctx: Context, user: User) =>
  ctx.as(ownerOfSessions(user)).transaction(async (tx) => {
    if (!(await tx.users.lockActive(user.id))) throw unauthenticated()
    const now = ctx.clock.now()
    const session = await tx.sessions.insert({ userId: user.id, lastSeenAt: now, expiresAt: lifetimeFrom(now) })
    const refreshToken = await issueRefreshToken(tx, session.id, 1)
    await tx.users.updateLastSeen(user.id)
    tx.record(sessionOpened(session, { userId: user.id }))
    return { session, refreshToken }
  })
