// A campaign hangs on nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { campaigns } from './campaign.table.ts'

export const campaignPolicy = everyones('campaigns.campaign', campaigns)
