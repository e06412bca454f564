import { money } from '@switchyard/runtime/money'
import type { Resolvers } from '../generated/graphql.ts'
import { adjustStock } from './adjust-stock.ts'
import { createProduct } from './create-product.ts'
import { stockAvailable } from './product.ts'
import { updateProduct } from './update-product.ts'

export const productResolvers = {
  Query: {
    product: (_, { id }, ctx) => ctx.products.find(id),
    products: (_, args, ctx) => ctx.products.list(args),
  },
  Mutation: {
    createProduct: (_, { input }, ctx) => createProduct(ctx, input),
    updateProduct: (_, { input }, ctx) => updateProduct(ctx, input),
    adjustStock: (_, { input }, ctx) => adjustStock(ctx, input),
  },
  Product: {
    __resolveReference: ({ id }, ctx) => ctx.products.find(id),
    price: (product) => money(product.price, product.currency),
    stockAvailable,
  },
} satisfies Resolvers
