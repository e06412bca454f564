// What identity does unasked about sessions.
import { job } from '@switchyard/runtime/jobs/job'
import { z } from 'zod'
import type { Context } from '../context.ts'

export const forgetSessions = job('forget-sessions', {
  payload: z.unknown(),
  schedule: { pattern: '40 3 * * *' },
  run: (ctx: Context) => ctx.sessions.forgetLongOver(),
})

export const deleteOldSignIns = job('delete-old-sign-ins', {
  payload: z.unknown(),
  schedule: { pattern: '50 3 * * *' },
  async run(ctx: Context) {
    await ctx.signInFailures.deleteOld()
    await ctx.knownClients.deleteOld()
  },
})
