import { optionalText } from '@switchyard/runtime/input'
import { userBlocked, userUnblocked } from '@switchyard/schema/events/identity'
import type { Context } from '../context.ts'
import type { BlockUserInput, UnblockUserInput } from '../generated/graphql.ts'
import { endSessionsOf } from '../session/end-session.ts'
import { blocked, unblocked } from './user.ts'

export const blockUser = (ctx: Context, input: BlockUserInput) =>
  ctx.transaction(async (tx) => {
    const user = await tx.users.update(blocked(await tx.users.lock(input), ctx.viewer))
    await endSessionsOf(tx, user.id, 'block')
    tx.record(userBlocked(user, { reason: optionalText(1000)(input.reason, 'reason') }))
    return user
  })

export const unblockUser = (ctx: Context, input: UnblockUserInput) =>
  ctx.transaction(async (tx) => {
    const user = await tx.users.update(unblocked(await tx.users.lock(input)))
    tx.record(userUnblocked(user, {}))
    return user
  })
