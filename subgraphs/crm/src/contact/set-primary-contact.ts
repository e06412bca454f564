import { contactUpdated, primaryContactChanged } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { SetPrimaryContactInput } from '../generated/graphql.ts'

/** The customer is locked first, so that of two changes made at once the later sees the earlier. */
export const setPrimaryContact = (ctx: Context, input: SetPrimaryContactInput) =>
  ctx.transaction(async (tx) => {
    const { customerId } = await tx.contacts.get(input.id)
    await tx.customers.lock({ id: customerId })
    const contact = await tx.contacts.lock(input)
    if (contact.isPrimary) return contact
    const { primaryId } = await tx.contacts.standing(customerId)
    if (primaryId) {
      const previous = await tx.contacts.update({ ...(await tx.contacts.lock({ id: primaryId })), isPrimary: false })
      tx.record(contactUpdated(previous, { customerId }))
    }
    const primary = await tx.contacts.update({ ...contact, isPrimary: true })
    tx.record(primaryContactChanged(primary, { customerId, previousId: primaryId }))
    return primary
  })
