import { sessionRevoked } from '@switchyard/schema/events/identity'
import type { Context, Transaction } from '../context.ts'
import { ownerOfSessions, type Session } from './session.ts'

type Reason = Parameters<typeof sessionRevoked>[1]['because']

/** Ends a session that this transaction has locked: its tokens stop working at once. */
export async function endSession(tx: Transaction, session: Session, because: Reason): Promise<void> {
  if (session.revokedAt) return
  const ended = await tx.sessions.update({ ...session, revokedAt: tx.clock.now() })
  tx.record(sessionRevoked(ended, { userId: ended.userId, because }))
}

export async function endSessionsOf(tx: Transaction, userId: string, because: Reason): Promise<void> {
  for (const { id } of await tx.sessions.openOf(userId)) await endSession(tx, await tx.sessions.lock({ id }), because)
}

/** Ends the session of the viewer's token; a token of another issuer has none. */
export async function logout(ctx: Context): Promise<true> {
  const { id, sessionId, concessionId } = ctx.viewer
  if (id === null || sessionId === null) return true
  await ctx.as(ownerOfSessions({ id, concessionId })).transaction(async (tx) => {
    await endSession(tx, await tx.sessions.lock({ id: sessionId }), 'logout')
  })
  return true
}
