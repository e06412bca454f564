import { productUpdated } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { UpdateProductInput } from '../generated/graphql.ts'
import { changedProduct } from './product.ts'

export const updateProduct = (ctx: Context, input: UpdateProductInput) =>
  ctx.transaction(async (tx) => {
    const product = await tx.products.lock(input)
    const next = await tx.products.update(changedProduct(product, input))
    if (next.version !== product.version) tx.record(productUpdated(next, {}))
    return next
  })
