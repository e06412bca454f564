import { entity, searchable } from '@switchyard/runtime/database/columns'
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { commerce } from '../commerce.schema.ts'

export const productStatus = commerce.enum('product_status', ['DRAFT', 'ACTIVE', 'ARCHIVED'])

export const products = commerce.table(
  'products',
  {
    ...entity(),
    sku: text().notNull(),
    name: text().notNull(),
    description: text(),
    status: productStatus().notNull(),
    price: bigint({ mode: 'bigint' }).notNull(),
    currency: text().notNull(),
    /** What lies in the warehouse, what orders have reserved of it included. */
    stockOnHand: integer().notNull(),
    stockReserved: integer().notNull().default(0),
    search: searchable('commerce', 'sku', 'name', 'description'),
  },
  (t) => [
    check('products_stock', sql`${t.stockReserved} between 0 and ${t.stockOnHand}`),
    uniqueIndex('products_sku_unique').on(sql`lower(${t.sku})`),
    index('products_newest').on(t.createdAt, t.id),
    index('products_last_changed').on(t.updatedAt, t.id),
    index('products_by_sku').on(t.sku, t.id),
    index('products_by_name').on(t.name, t.id),
    index('products_by_price').on(t.price, t.id),
    index('products_search').using('gin', t.search.op('public.gin_trgm_ops')),
  ],
)
