// All SQL on pipelines and their stages.
import { allowedSql } from '@switchyard/runtime/rows/policy-sql'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import { rowsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, asc, desc, eq } from 'drizzle-orm'
import { pipelinePolicy, stagePolicy } from './pipeline.policy.ts'
import { pipelines, stages } from './pipeline.table.ts'
import type { Pipeline } from './pipeline.ts'

export const pipelineStore = (scope: Scope) => {
  const visible = allowedSql(pipelinePolicy, scope.viewer, 'read')
  return {
    ...rowStore(scope, pipelinePolicy),
    /** All pipelines that the viewer may see, the default one first. */
    all: (): Promise<Pipeline[]> =>
      scope.db.select().from(pipelines).where(visible).orderBy(desc(pipelines.isDefault), asc(pipelines.createdAt)),
    /** The default pipeline; null when there is none or the viewer may not see it. */
    async default(): Promise<Pipeline | null> {
      const [found] = await scope.db
        .select()
        .from(pipelines)
        .where(and(eq(pipelines.isDefault, true), visible))
      return found ?? null
    },
    /** Whether anybody has a default pipeline: there is one for all concessions. */
    async hasDefault(): Promise<boolean> {
      const [found] = await scope.db.select({ id: pipelines.id }).from(pipelines).where(eq(pipelines.isDefault, true))
      return found !== undefined
    },
  }
}

export const stageStore = (scope: Scope) => ({
  ...rowStore(scope, stagePolicy),
  /** The stages of a pipeline, in order. */
  ofPipeline: (pipelineId: string) => rowsByParent(scope, stagePolicy, stages.pipelineId, pipelineId, stages.position),
})
