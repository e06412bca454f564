// How a subscription is served: which subgraph it is opened at, and what is fetched after each of its events.
import type { FetchNode, PlanNode } from '@apollo/query-planner'
import type { Operation } from '../answer.ts'
import type { Prepared } from '../plans.ts'
import { beginsAtCursor } from './root.ts'

export type SubscriptionPlan = {
  readonly primary: FetchNode
  readonly rest: PlanNode | undefined
  readonly resumes: boolean
}

export function subscriptionPlan(
  prepared: Prepared,
  { document, operationName, variables }: Operation,
): SubscriptionPlan {
  const { node } = prepared.plan(operationName)
  if (node?.kind !== 'Subscription') throw new Error(`A subscription was planned as ${node?.kind}.`)
  return { primary: node.primary, rest: node.rest, resumes: beginsAtCursor(document, variables) }
}
