import type { Resolvers } from '../generated/graphql.ts'
import { createContact } from './create-contact.ts'
import { setPrimaryContact } from './set-primary-contact.ts'
import { deleteContact, updateContact } from './update-contact.ts'

export const contactResolvers = {
  Query: {
    contact: (_, { id }, ctx) => ctx.contacts.find(id),
  },
  Mutation: {
    createContact: (_, { input }, ctx) => createContact(ctx, input),
    updateContact: (_, { input }, ctx) => updateContact(ctx, input),
    deleteContact: (_, { input }, ctx) => deleteContact(ctx, input),
    setPrimaryContact: (_, { input }, ctx) => setPrimaryContact(ctx, input),
  },
  Contact: {
    __resolveReference: ({ id }, ctx) => ctx.contacts.find(id),
    customer: (contact, _, ctx) => ctx.customers.find(contact.customerId),
  },
  Customer: {
    contacts: (customer, args, ctx) => ctx.contacts.ofCustomer(customer.id, args),
  },
} satisfies Resolvers
