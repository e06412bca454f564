// How an event is declared: a name in the past tense and the shape of what it tells beside the envelope.
import { z } from 'zod'

export type EventDefinition<Shape extends z.ZodRawShape = z.ZodRawShape> = {
  /** `crm.deal.moved`: subgraph, entity, what happened. */
  readonly type: string
  readonly payload: z.ZodObject<Shape>
}

/** An event about one row, ready to be recorded in the transaction that changed the row. */
export type Recordable = { readonly type: string; readonly entityId: string; readonly payload: Record<string, unknown> }

export type EventOf<Shape extends z.ZodRawShape = z.ZodRawShape> = EventDefinition<Shape> &
  ((row: { readonly id: string }, payload: z.input<z.ZodObject<Shape>>) => Recordable)

/**
 * Declares an event. What it returns makes recordable events of rows: `dealMoved(deal, { fromStageId, toStageId })`.
 * The entity, version, actor, changes and audience are the runtime's to fill.
 */
export function event<const Shape extends z.ZodRawShape>(type: string, shape: Shape): EventOf<Shape> {
  const payload = z.object(shape)
  const make = (row: { readonly id: string }, told: z.input<typeof payload>): Recordable => ({
    type,
    entityId: row.id,
    payload: payload.parse(told) as Record<string, unknown>,
  })
  return Object.assign(make, { type, payload }) as unknown as EventOf<Shape>
}
