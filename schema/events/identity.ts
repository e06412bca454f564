// What identity tells others: the payload of each event, beside the envelope that every event has.
import { event } from '@switchyard/runtime/events/event'
import { z } from 'zod'

export const userCreated = event('identity.user.created', { roleIds: z.array(z.uuid()) })
export const userBlocked = event('identity.user.blocked', { reason: z.string().nullable() })
export const userUnblocked = event('identity.user.unblocked', {})

const ofUser = { userId: z.uuid() }

export const sessionOpened = event('identity.session.opened', ofUser)
/** `reuse`: a refresh token was used a second time, so that it may be in somebody else's hands. */
export const sessionRevoked = event('identity.session.revoked', {
  ...ofUser,
  because: z.enum(['logout', 'block', 'reuse']),
})

export const partnerRegistered = event('identity.partner.registered', {})
