// Users as crm needs them: somebody who may be given work.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'

/** Refuses an owner who does not exist or no longer works here; nobody is a valid owner. */
export async function mustBeAssignable(ctx: Context, ownerId: string | null | undefined): Promise<void> {
  if (ownerId == null || ownerId === ctx.viewer.id) return
  const user = await ctx.users.find(ownerId)
  if (user?.status !== 'ACTIVE' && user?.status !== 'INVITED')
    throw invalidInput('ownerId', 'There is no such user to own this.')
}
