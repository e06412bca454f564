// Pipelines and stages have no owner: the role decides, within the viewer's concession. Whoever may see a pipeline may
// see its stages.
import { everyones, seenThrough } from '@switchyard/runtime/rows/policy'
import { pipelines, stages } from './pipeline.table.ts'

export const pipelinePolicy = everyones('crm.pipeline', pipelines)
export const stagePolicy = seenThrough('crm.stage', stages, stages.pipelineId, pipelinePolicy)
