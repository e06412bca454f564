// Counts a campaign's messages while they are sent: a few times a second, however many there are.
import { type Job, job } from '@switchyard/runtime/jobs/job'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { tellProgress } from './tell-progress.ts'

/** `version` is the campaign's when this counting began: whatever happens to the campaign begins another one, or none. */
const payload = z.object({ campaignId: z.uuid(), version: z.int(), quiet: z.int() })

export type Counting = z.infer<typeof payload>

export const countProgress: Job<Context, Counting> = job('count progress', {
  payload,
  may: ['campaigns.campaign.read', 'campaigns.campaign.update'],
  run: (ctx: Context, counting: Counting) => tellProgress(ctx, counting, countProgress),
})

export const progressJobs = [countProgress]
