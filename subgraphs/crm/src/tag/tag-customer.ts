import { customerUpdated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import { type Customer, tagged, untagged } from '../customer/customer.ts'
import type { TagCustomerInput, UntagCustomerInput } from '../generated/graphql.ts'

export const tagCustomer = (ctx: Context, { customerId, tagId }: TagCustomerInput) =>
  changeTags(ctx, customerId, async (customer, tags) => tagged(customer, (await tags.get(tagId)).id))

export const untagCustomer = (ctx: Context, { customerId, tagId }: UntagCustomerInput) =>
  changeTags(ctx, customerId, async (customer) => untagged(customer, tagId))

const changeTags = (
  ctx: Context,
  id: string,
  change: (customer: Customer, tags: Context['tags']) => Promise<Customer>,
) =>
  ctx.transaction(async (tx) => {
    const customer = await tx.customers.lock({ id })
    const next = await tx.customers.update(await change(customer, tx.tags))
    if (next.version !== customer.version) tx.record(customerUpdated(next, {}))
    return next
  })
