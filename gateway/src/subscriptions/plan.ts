// How a subscription is served: which subgraph it is opened at, and what is fetched after each of its events.
import type { FetchNode, QueryPlan } from '@apollo/query-planner'
import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import type { Operation } from '../answer.ts'
import { rootField } from './root.ts'

export type SubscriptionPlan = {
  readonly primary: FetchNode
  /** The whole of it, with the event that has arrived in the place of the first fetch's answer. */
  readonly completion: QueryPlan
  /** Whether each event tells a cursor, after which the subscription can begin again: the convention of our graph. */
  readonly isResumable: boolean
}

/** The name under which a plan fetches the event that has just arrived; no subgraph can have it. */
export const arrived = ' event'

const known = new WeakMap<QueryPlan, SubscriptionPlan>()

export function subscriptionPlan(schema: GraphQLSchema, plan: QueryPlan, { document }: Operation): SubscriptionPlan {
  const before = known.get(plan)
  if (before) return before
  if (plan.node?.kind !== 'Subscription') throw new Error(`A subscription was planned as ${plan.node?.kind}.`)
  const { primary, rest } = plan.node
  const first = { ...primary, serviceName: arrived }
  const made: SubscriptionPlan = {
    primary,
    completion: { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: rest ? [first, rest] : [first] } },
    isResumable: tellsCursor(schema, rootField(document)?.name.value ?? ''),
  }
  known.set(plan, made)
  return made
}

function tellsCursor(schema: GraphQLSchema, name: string): boolean {
  const field = schema.getSubscriptionType()?.getFields()[name]
  const type = getNamedType(field?.type)
  return (
    field?.args.some((argument) => argument.name === 'after') === true &&
    isObjectType(type) &&
    'cursor' in type.getFields()
  )
}
