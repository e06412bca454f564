import { forbidden, invalidInput } from '@switchyard/runtime/errors'
import { scopeOf } from '@switchyard/runtime/viewer/viewer'
import { userCreated } from '@switchyard/schema/events/identity'
import type { Context } from '../context.ts'
import type { CreateUserInput } from '../generated/graphql.ts'
import { newPassword } from '../password/password.ts'
import { newUser } from './user.ts'

export async function createUser(ctx: Context, input: CreateUserInput) {
  const made = newUser(input)
  const roleIds = await rolesFor(ctx, input.roleIds ?? [])
  if (input.managerId != null && !(await ctx.users.find(input.managerId)))
    throw invalidInput('managerId', 'There is no such user.')
  // Before the transaction: hashing takes its time.
  const hash = input.password == null ? null : await hashOf(ctx, newPassword(input.password))
  return ctx.transaction(async (tx) => {
    const user = await tx.users.insert(made)
    await tx.roles.insertAssignments(user.id, roleIds)
    if (hash !== null) await tx.users.insertPassword(user.id, hash)
    tx.record(userCreated(user, { roleIds }))
    return user
  })
}

async function hashOf(ctx: Context, password: string): Promise<string> {
  const asker = `viewer ${ctx.viewer.id}`
  const place = ctx.hashing.enter({ client: asker, account: asker, isKnown: true }, ctx.signal)
  try {
    return await place.hash(password)
  } finally {
    place.leave()
  }
}

async function rolesFor(ctx: Context, wanted: readonly string[]): Promise<string[]> {
  const known = await ctx.roles.all()
  if (wanted.length === 0)
    return known.filter(({ name, isBuiltIn }) => isBuiltIn && name === 'VIEWER').map(({ id }) => id)
  if (!scopeOf(ctx.viewer, 'identity.role.assign')) throw forbidden('You may not choose the roles of this user.')
  const found = known.filter(({ id }) => wanted.includes(id))
  if (wanted.some((id) => !found.some((role) => role.id === id)))
    throw invalidInput('roleIds', 'There is no such role.')
  return found.map(({ id }) => id)
}
