// Makes a user of somebody whom an external issuer vouches for, the first time that they come.
import { service } from '@switchyard/runtime/viewer/viewer'
import { userCreated } from '@switchyard/schema/events/identity'
import type { Context } from '../context.ts'
import { type Newcomer, newcomer, type User } from './user.ts'

const doorkeeper = service('identity.meet-user', ['identity.user.read', 'identity.user.create'])

export const meetUser = (ctx: Context, who: Newcomer): Promise<User> =>
  ctx.as(doorkeeper).transaction(async (tx) => {
    await tx.users.lockNewcomers()
    const known = await tx.users.bySubject(who.issuer, who.subject)
    if (known) return known
    // An issuer's word for an address is not proof that it is this user's: who has it here keeps it.
    const isFree = who.email !== null && !(await tx.users.isAddressTaken(who.email))
    const user = await tx.users.insert(newcomer({ ...who, email: isFree ? who.email : null }))
    tx.record(userCreated(user, { roleIds: [] }))
    return user
  })
