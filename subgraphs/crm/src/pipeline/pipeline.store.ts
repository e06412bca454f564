// All SQL on pipelines and their stages.
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { rowsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { asc, desc, eq } from 'drizzle-orm'
import { pipelinePolicy, stagePolicy } from './pipeline.policy.ts'
import { pipelines, stages } from './pipeline.table.ts'
import type { Pipeline } from './pipeline.ts'

export const pipelineStore = (scope: Scope) => ({
  ...rowStore(scope, pipelinePolicy),
  /** All pipelines, the default one first. */
  all: (): Promise<Pipeline[]> =>
    scope.db.select().from(pipelines).orderBy(desc(pipelines.isDefault), asc(pipelines.createdAt)),
  async default(): Promise<Pipeline | null> {
    const [found] = await scope.db.select().from(pipelines).where(eq(pipelines.isDefault, true))
    return found ?? null
  },
})

export const stageStore = (scope: Scope) => ({
  ...rowStore(scope, stagePolicy),
  /** The stages of a pipeline, in order. */
  ofPipeline: (pipelineId: string) => rowsByParent(scope, stagePolicy, stages.pipelineId, pipelineId, stages.position),
})
