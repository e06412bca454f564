// Products belong to nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { products } from './product.table.ts'

export const productPolicy = everyones('commerce.product', products)
