import { productCreated } from '@switchyard/schema/events/commerce'
import type { Context } from '../context.ts'
import type { CreateProductInput } from '../generated/graphql.ts'
import { newProduct } from './product.ts'

export const createProduct = (ctx: Context, input: CreateProductInput) =>
  ctx.transaction(async (tx) => {
    const product = await tx.products.insert(newProduct(input))
    tx.record(productCreated(product, {}))
    return product
  })
