import { entity } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { boolean, integer, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { crm } from '../crm.schema.ts'

export const stageKind = crm.enum('stage_kind', ['OPEN', 'WON', 'LOST'])

export const pipelines = crm.table(
  'pipelines',
  { ...entity(), name: text().notNull(), isDefault: boolean().notNull(), currency: text() },
  (t) => [
    uniqueIndex('pipelines_name_unique').on(sql`lower(${t.name})`),
    uniqueIndex('pipelines_default_unique').on(t.isDefault).where(sql`${t.isDefault}`),
  ],
)

export const stages = crm.table(
  'stages',
  {
    ...entity(),
    pipelineId: uuid()
      .notNull()
      .references(() => pipelines.id),
    name: text().notNull(),
    position: integer().notNull(),
    probability: integer().notNull(),
    kind: stageKind().notNull(),
    rottingAfterDays: integer(),
    /** The stages that may follow; null means any of the pipeline. */
    allowedNextIds: uuid().array(),
  },
  (t) => [uniqueIndex('stages_position_unique').on(t.pipelineId, t.position)],
)
