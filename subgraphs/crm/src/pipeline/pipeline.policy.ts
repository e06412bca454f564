// Pipelines and stages belong to nobody: the role alone decides. Whoever may see a pipeline may see its stages.
import { everyones, seenThrough } from '@switchyard/runtime/rows/policy'
import { pipelines, stages } from './pipeline.table.ts'

export const pipelinePolicy = everyones('crm.pipeline', pipelines)
export const stagePolicy = seenThrough('crm.stage', stages, stages.pipelineId, pipelinePolicy)
