import { customerUpdated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { UpdateCustomerInput } from '../generated/graphql.ts'
import { changedCustomer } from './customer.ts'
import { mustReferToWhatExists } from './references.ts'

export const updateCustomer = (ctx: Context, input: UpdateCustomerInput) =>
  ctx.transaction(async (tx) => {
    const customer = await tx.customers.lock(input)
    await mustReferToWhatExists(tx, input)
    const next = await tx.customers.update(changedCustomer(customer, input))
    if (next.version !== customer.version) tx.record(customerUpdated(next, {}))
    return next
  })
