// A message is seen by whoever may see its customer.
import { rowPolicy, through } from '@switchyard/runtime/rows/policy'
import { customerPolicy } from '../customer/customer.policy.ts'
import { messages } from './message.table.ts'

export const messagePolicy = rowPolicy('campaigns.message', messages, through(messages.customerId, customerPolicy))
