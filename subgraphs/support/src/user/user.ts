// Users as support needs them: somebody who may be given a ticket.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'

/** Refuses an assignee who does not exist or does not work here now; nobody is a valid one: that is the queue. */
export async function mustBeAssignable(ctx: Context, assigneeId: string | null | undefined): Promise<void> {
  if (assigneeId == null || assigneeId === ctx.viewer.id) return
  const user = await ctx.users.find(assigneeId)
  if (user?.status !== 'ACTIVE') throw invalidInput('assigneeId', 'There is no active user to assign this to.')
}
