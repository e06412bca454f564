// Which events make viewers that are known elsewhere wrong, and whose.
import type { OutboxRow } from '@switchyard/runtime/database/ledger'

/** Whether the event may change what somebody may do, or whether they are let in. */
export const changesViewers = (event: OutboxRow): boolean =>
  event.type === 'identity.session.revoked' ||
  (event.entity === 'identity.user' && (event.type !== 'identity.user.created' || movesTeams(event)))

/** Whom the event is about; neither user nor session when it changes who belongs to whose team. */
export function concernedBy(event: OutboxRow): { userId: string | null; sessionId: string | null } {
  const isUser = event.entity === 'identity.user'
  if (isUser && movesTeams(event)) return { userId: null, sessionId: null }
  return { userId: isUser ? event.entityId : null, sessionId: isUser ? null : event.entityId }
}

const movesTeams = ({ changes }: OutboxRow): boolean => changes.some(({ field }) => field === 'managerId')
