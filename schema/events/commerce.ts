// What commerce tells others: the payload of each event, beside the envelope that every event has.
import { event } from '@switchyard/runtime/events/event'
import { z } from 'zod'

/** Whose order it is and what it comes to, in minor units as a string. */
const worth = { customerId: z.uuid(), amount: z.bigint().transform(String), currency: z.string() }

export const productCreated = event('commerce.product.created', {})
export const productUpdated = event('commerce.product.updated', {})
/** Goods came or went otherwise than by an order. */
export const stockAdjusted = event('commerce.product.stock_adjusted', { delta: z.int() })

export const orderPlaced = event('commerce.order.placed', worth)
export const orderConfirmed = event('commerce.order.confirmed', worth)
export const orderFulfilled = event('commerce.order.fulfilled', worth)
export const orderCancelled = event('commerce.order.cancelled', worth)
export const orderRefunded = event('commerce.order.refunded', worth)
