// A customer: somebody the company sells to, or hopes to.
import { emailAddress } from '@switchyard/runtime/email-address'
import { clearable, given, kept, optionalText, text } from '@switchyard/runtime/input'
import { userIdOf, type Viewer } from '@switchyard/runtime/viewer/viewer'
import type { CreateCustomerInput, UpdateCustomerInput } from '../generated/graphql.ts'
import type { customers } from './customer.table.ts'

export type Customer = typeof customers.$inferSelect

const fields = {
  name: text(),
  email: emailAddress,
  phone: optionalText(50),
  companyId: clearable<string>,
  ownerId: clearable<string>,
  status: kept<Customer['status']>,
  tagIds: (ids: readonly string[] | null | undefined) => [...new Set(ids ?? [])],
  contactPreferences: (channels: Customer['contactPreferences'] | null | undefined) => [...new Set(channels ?? [])],
  nextFollowUpAt: clearable<Date>,
}

/** A new customer: a lead, and its maker's own, unless the input says otherwise. */
export const newCustomer = (input: CreateCustomerInput, maker: Viewer) => ({
  status: 'LEAD' as const,
  ownerId: userIdOf(maker),
  ...given(input, fields),
})

export const changedCustomer = (customer: Customer, input: UpdateCustomerInput): Customer => ({
  ...customer,
  ...given(input, { ...fields, contacted: kept<boolean> }),
})

export const tagged = (customer: Customer, tagId: string): Customer => ({
  ...customer,
  tagIds: customer.tagIds.includes(tagId) ? customer.tagIds : [...customer.tagIds, tagId],
})

export const untagged = (customer: Customer, tagId: string): Customer => ({
  ...customer,
  tagIds: customer.tagIds.filter((id) => id !== tagId),
})
