import { customerDeleted, customerRestored } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { DeleteCustomerInput, RestoreCustomerInput } from '../generated/graphql.ts'

export const deleteCustomer = (ctx: Context, input: DeleteCustomerInput) =>
  ctx.transaction(async (tx) => {
    const customer = await tx.customers.remove(await tx.customers.lock(input, 'delete'))
    tx.record(customerDeleted(customer, {}))
    return customer
  })

export const restoreCustomer = (ctx: Context, input: RestoreCustomerInput) =>
  ctx.transaction(async (tx) => {
    const deleted = await tx.customers.lockDeleted(input)
    const customer = await tx.customers.update({ ...deleted, deletedAt: null }, 'delete')
    tx.record(customerRestored(customer, {}))
    return customer
  })
