import { contactDeleted, contactUpdated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { DeleteContactInput, UpdateContactInput } from '../generated/graphql.ts'
import { changedContact } from './contact.ts'

export const updateContact = (ctx: Context, input: UpdateContactInput) =>
  ctx.transaction(async (tx) => {
    const contact = await tx.contacts.lock(input)
    const next = await tx.contacts.update(changedContact(contact, input))
    if (next.version !== contact.version) tx.record(contactUpdated(next, { customerId: next.customerId }))
    return next
  })

export const deleteContact = (ctx: Context, input: DeleteContactInput) =>
  ctx.transaction(async (tx) => {
    const contact = await tx.contacts.remove(await tx.contacts.lock(input))
    tx.record(contactDeleted(contact, { customerId: contact.customerId }))
    return contact
  })
