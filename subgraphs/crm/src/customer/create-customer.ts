import { customerCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreateCustomerInput } from '../generated/graphql.ts'
import { newCustomer } from './customer.ts'
import { mustReferToWhatExists } from './references.ts'

export const createCustomer = (ctx: Context, input: CreateCustomerInput) =>
  ctx.transaction(async (tx) => {
    await mustReferToWhatExists(tx, input)
    const customer = await tx.customers.insert(newCustomer(input, ctx.viewer))
    tx.record(customerCreated(customer, {}))
    return customer
  })
