import { contactCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreateContactInput } from '../generated/graphql.ts'
import { newContact } from './contact.ts'

/** The customer is locked first, so that of two first contacts made at once only one becomes the primary. */
export const createContact = (ctx: Context, input: CreateContactInput) =>
  ctx.transaction(async (tx) => {
    const customer = await tx.customers.lock({ id: input.customerId })
    const { hasAny } = await tx.contacts.standing(customer.id)
    const contact = await tx.contacts.insert(newContact(input, !hasAny))
    tx.record(contactCreated(contact, { customerId: customer.id }))
    return contact
  })
