import type { Resolvers } from '../generated/graphql.ts'
import { createPipeline } from './create-pipeline.ts'
import { allowedNext } from './pipeline.ts'

export const pipelineResolvers = {
  Query: {
    pipeline: (_, { id }, ctx) => ctx.pipelines.find(id),
    pipelines: (_, __, ctx) => ctx.pipelines.all(),
  },
  Mutation: {
    createPipeline: (_, { input }, ctx) => createPipeline(ctx, input),
  },
  Pipeline: {
    __resolveReference: ({ id }, ctx) => ctx.pipelines.find(id),
    stages: (pipeline, _, ctx) => ctx.stages.ofPipeline(pipeline.id),
  },
  DealStage: {
    __resolveReference: ({ id }, ctx) => ctx.stages.find(id),
    allowedNext: async (stage, _, ctx) => allowedNext(stage, await ctx.stages.ofPipeline(stage.pipelineId)),
    pipeline: (stage, _, ctx) => ctx.pipelines.find(stage.pipelineId),
  },
} satisfies Resolvers
