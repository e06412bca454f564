// A deal: a sale in progress, and how it may move.
import { invalidInput, refused } from '@switchyard/runtime/errors'
import { between, clearable, given, kept, optionalText, text } from '@switchyard/runtime/input'
import { type Money, positiveMoney } from '@switchyard/runtime/money'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { CreateDealInput, UpdateDealInput } from '../generated/graphql.ts'
import { allowedNext, type Stage } from '../pipeline/pipeline.ts'
import type { deals, stageVisits } from './deal.table.ts'

export type Deal = typeof deals.$inferSelect
export type StageVisit = typeof stageVisits.$inferSelect

const fields = {
  title: text(),
  probability: between(0, 100),
  expectedCloseOn: clearable<string>,
  ownerId: clearable<string>,
}

/** A new deal in a stage: its maker's own, and worth nothing yet, unless the input says otherwise. */
export const newDeal = (input: CreateDealInput, stage: Stage, currency: string, maker: Viewer, at: Date) => ({
  customerId: input.customerId,
  ownerId: userIdOf(maker),
  ...positiveMoney(input.amount ?? { amount: 0n, currency }, 'amount'),
  ...given(input, fields),
  ...standing(stage, at),
})

export function changedDeal(deal: Deal, input: UpdateDealInput): Deal {
  const amount: Money | undefined =
    input.amount === undefined ? undefined : positiveMoney(kept(input.amount, 'amount'), 'amount')
  return { ...deal, ...given(input, fields), ...amount }
}

/** The deal after a move; refused where the pipeline does not allow it. `stages` are those of its pipeline. */
export function moved(deal: Deal, to: Stage, stages: readonly Stage[], at: Date, lostReason?: string | null): Deal {
  const from = stages.find((stage) => stage.id === deal.stageId)
  const allowed = from ? allowedNext(from, stages) : []
  if (!allowed.some((stage) => stage.id === to.id)) {
    throw refused('INVALID_TRANSITION', `A deal may not move from ${from?.name} to ${to.name}.`, {
      from: from?.name,
      to: to.name,
      allowed: allowed.map((stage) => stage.name),
    })
  }
  const reason = optionalText(1000)(lostReason, 'lostReason')
  if (to.kind === 'LOST' && !reason) throw invalidInput('lostReason', 'Say why the deal was lost.')
  return { ...deal, ...standing(to, at), lostReason: to.kind === 'LOST' ? reason : null }
}

/** What follows from the stage where a deal stands. */
const standing = (stage: Stage, at: Date) => ({
  pipelineId: stage.pipelineId,
  stageId: stage.id,
  status: stage.kind,
  closedAt: stage.kind === 'OPEN' ? null : at,
})

/** How long a visit to a stage lasted, or has lasted by now, in whole seconds. */
export const durationSeconds = (visit: StageVisit, now: Date): number =>
  Math.floor(((visit.leftAt ?? now).getTime() - visit.enteredAt.getTime()) / 1000)
