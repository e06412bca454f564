// Progress is seen by whoever may see its campaign.
import { seenThrough } from '@switchyard/runtime/rows/policy'
import { campaignPolicy } from '../campaign/campaign.policy.ts'
import { progress } from './progress.table.ts'

export const progressPolicy = seenThrough('campaigns.progress', progress, progress.campaignId, campaignPolicy)
