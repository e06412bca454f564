import { stockAdjusted } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { AdjustStockInput } from '../generated/graphql.ts'
import { restocked } from './product.ts'

export const adjustStock = (ctx: Context, input: AdjustStockInput) =>
  ctx.transaction(async (tx) => {
    const product = await tx.products.lock(input)
    const next = await tx.products.update(restocked(product, input.delta))
    if (next.version !== product.version) tx.record(stockAdjusted(next, { delta: input.delta }))
    return next
  })
