import { pipelineCreated, stageCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreatePipelineInput } from '../generated/graphql.ts'
import { newPipeline, newStages } from './pipeline.ts'

export const createPipeline = (ctx: Context, input: CreatePipelineInput) =>
  ctx.transaction(async (tx) => {
    const isFirst = !(await tx.pipelines.hasDefault())
    const pipeline = await tx.pipelines.insert(newPipeline(input, isFirst))
    tx.record(pipelineCreated(pipeline, {}))
    for (const stage of newStages(input.stages)) {
      const made = await tx.stages.insert({ ...stage, pipelineId: pipeline.id })
      tx.record(stageCreated(made, { pipelineId: pipeline.id }))
    }
    return pipeline
  })
