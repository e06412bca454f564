// A pipeline and its stages: the way that sales go.
import { invalidFields, invalidInput } from '@switchyard/runtime/errors'
import { newId } from '@switchyard/runtime/ids'
import { between, clearable, given, text } from '@switchyard/runtime/input'
import type { CreatePipelineInput, CreateStageInput } from '../generated/graphql.ts'
import type { pipelines, stages } from './pipeline.table.ts'

export type Pipeline = typeof pipelines.$inferSelect
export type Stage = typeof stages.$inferSelect
export type NewStage = Pick<
  Stage,
  'id' | 'name' | 'kind' | 'position' | 'probability' | 'rottingAfterDays' | 'allowedNextIds'
>

const mostStages = 50

export const newPipeline = (input: CreatePipelineInput, isDefault: boolean) => ({
  isDefault,
  ...given(input, { name: text(100), currency: clearable<string> }),
})

/** The stages of a new pipeline, in order, with the names in `allowedNext` turned into ids. */
export function newStages(inputs: readonly CreateStageInput[]): NewStage[] {
  if (inputs.length > mostStages) throw invalidInput('stages', `A pipeline has at most ${mostStages} stages.`)
  const named = inputs.map((input, index) => ({
    input,
    id: newId(),
    name: text(100)(input.name, `stages.${index}.name`),
  }))
  const ids = new Map(named.map(({ name, id }) => [name, id]))
  if (ids.size < named.length) throw invalidInput('stages', 'Two stages have the same name.')
  const missing = (['OPEN', 'WON', 'LOST'] as const).filter((kind) => !inputs.some((input) => input.kind === kind))
  if (missing.length)
    throw invalidFields(missing.map((kind) => ({ path: 'stages', message: `There must be a stage that is ${kind}.` })))

  const idOf = (path: string) => (name: string) => {
    const id = ids.get(name.trim())
    if (!id) throw invalidInput(path, `There is no stage ${JSON.stringify(name)} in this pipeline.`)
    return id
  }
  return named.map(({ input, id, name }, index) => ({
    id,
    name,
    kind: input.kind,
    position: index + 1,
    probability: between(0, 100)(input.probability, `stages.${index}.probability`) ?? usualProbability(inputs, index),
    rottingAfterDays: between(1, 3650)(input.rottingAfterDays, `stages.${index}.rottingAfterDays`),
    allowedNextIds: input.allowedNext?.map(idOf(`stages.${index}.allowedNext`)) ?? null,
  }))
}

/** Certain when won, nothing when lost, and rising evenly in between. */
function usualProbability(inputs: readonly CreateStageInput[], index: number): number {
  const kind = inputs[index]?.kind
  if (kind !== 'OPEN') return kind === 'WON' ? 100 : 0
  const open = inputs.filter((input) => input.kind === 'OPEN')
  const rank = inputs.slice(0, index + 1).filter((input) => input.kind === 'OPEN').length
  return Math.round((100 * rank) / (open.length + 1))
}

/** The stages of its pipeline that a deal may move to from this one. */
export const allowedNext = (from: Stage, stages: readonly Stage[]): Stage[] =>
  stages.filter((stage) => stage.id !== from.id && (from.allowedNextIds?.includes(stage.id) ?? true))
