// All SQL on products and their stock.
import { byMoment, byMoney, byText, oneOf, searchIn } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { page } from '@switchyard/runtime/rows/page'
import { allowedSql } from '@switchyard/runtime/rows/policy-sql'
import { rowStore } from '@switchyard/runtime/rows/row-store'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm'
import type { ProductFilter, ProductOrderField, QueryProductsArgs } from '../generated/graphql.ts'
import { productPolicy } from './product.policy.ts'
import { products } from './product.table.ts'
import type { Product, StockChange } from './product.ts'

const lists: Lists<ProductFilter, ProductOrderField> = {
  filters: {
    status: oneOf(products.status),
    sku: byText(products.sku),
    name: byText(products.name),
    price: byMoney(products.price, products.currency),
    inStock: (wanted) => (wanted ? gt : lte)(products.stockOnHand, products.stockReserved),
    createdAt: byMoment(products.createdAt),
  },
  search: searchIn(products.search),
  orders: {
    CREATED_AT: by(products.createdAt),
    UPDATED_AT: by(products.updatedAt),
    SKU: by(products.sku),
    NAME: by(products.name),
    PRICE: by(products.price),
  },
}

export const productStore = (scope: Scope) => {
  /** Locks in the order of the ids, so that orders for the same products wait for each other and never in a circle. */
  const locked = (ids: readonly string[]) =>
    scope.db
      .select()
      .from(products)
      .where(and(sql`${products.id} = any(${sql.param(ids)}::uuid[])`, allowedSql(productPolicy, scope.viewer, 'read')))
      .orderBy(asc(products.id))
      .for('update')

  return {
    ...rowStore(scope, productPolicy),
    list: (args: QueryProductsArgs) => page(scope, productPolicy, args, lists),

    /** Those of the products that the viewer may see, as they are now and, under their locks, remain. */
    lockStock: (ids: readonly string[]): Promise<Product[]> => locked(ids),

    /** Stock moves with orders, whose events tell of it: the product's version stays, for it is for those who edit. */
    async updateStock(changes: readonly StockChange[]): Promise<void> {
      await locked(changes.map(({ productId }) => productId))
      const columns = [
        sql`${sql.param(changes.map(({ productId }) => productId))}::uuid[]`,
        sql`${sql.param(changes.map(({ onHand }) => onHand))}::int[]`,
        sql`${sql.param(changes.map(({ reserved }) => reserved))}::int[]`,
      ]
      const written = await scope.db
        .update(products)
        .set({
          stockOnHand: sql`${products.stockOnHand} + change.on_hand`,
          stockReserved: sql`${products.stockReserved} + change.reserved`,
        })
        .from(sql`unnest(${sql.join(columns, sql`, `)}) as change(product_id, on_hand, reserved)`)
        .where(eq(products.id, sql`change.product_id`))
        .returning({ id: products.id })
      if (written.length < changes.length) throw new Error('An order holds a product that is gone')
    },
  }
}

export type ProductPage = ReturnType<ReturnType<typeof productStore>['list']>
