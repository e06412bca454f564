// A contact is part of its customer.
import { seenThrough } from '@switchyard/runtime/rows/policy'
import { customerPolicy } from '../customer/customer.policy.ts'
import { contacts } from './contact.table.ts'

export const contactPolicy = seenThrough('crm.contact', contacts, contacts.customerId, customerPolicy)
