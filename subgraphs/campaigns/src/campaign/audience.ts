// Whom a campaign may be for: customers who exist, as far as its maker may see them.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import type { Customer } from '../customer/customer.ts'

export async function mustExist(ctx: Context, customerIds: readonly string[]): Promise<Customer[]> {
  const found = await Promise.all(customerIds.map((id) => ctx.customers.find(id)))
  const missing = customerIds.filter((_, index) => !found[index])
  const named = missing.slice(0, 10).join(', ')
  if (missing.length)
    throw invalidInput('customerIds', `There are no customers ${named}${missing.length > 10 ? ', …' : ''}.`)
  return found.filter((customer) => customer !== null)
}
