// A contact: a person to talk to at a customer.
import { emailAddress } from '@switchyard/runtime/email-address'
import { given, optionalText, text } from '@switchyard/runtime/input'
import type { CreateContactInput, UpdateContactInput } from '../generated/graphql.ts'
import type { contacts } from './contact.table.ts'

export type Contact = typeof contacts.$inferSelect

const fields = { name: text(), email: emailAddress, phone: optionalText(50), title: optionalText(100) }

export const newContact = (input: CreateContactInput, isPrimary: boolean) => ({
  customerId: input.customerId,
  isPrimary,
  ...given(input, fields),
})

export const changedContact = (contact: Contact, input: UpdateContactInput): Contact => ({
  ...contact,
  ...given(input, fields),
})
