// What campaigns does when something happens to an order: it keeps its customer's totals.
import { reaction } from '@switchyard/runtime/events/reaction'
import { orderCancelled, orderPlaced, orderRefunded } from '@switchyard/schema/events/commerce'
import { z } from 'zod'
import type { Transaction } from '../context.ts'
import { worthOf } from './total.ts'

const worth = z.object({ customerId: z.uuid(), amount: z.coerce.bigint(), currency: z.string() })

export const totalReactions = [
  reaction<Transaction>({
    name: 'keep totals',
    to: [orderPlaced.type, orderCancelled.type, orderRefunded.type],
    may: [],
    async run(tx, { type, payload, occurredAt }) {
      const { customerId, amount, currency } = worth.parse(payload)
      const added = worthOf(type, amount)
      const lastVisitAt = type === orderPlaced.type ? occurredAt : null
      if (added) await tx.totals.updateBy({ customerId, currency, ...added, lastVisitAt })
    },
  }),
]
