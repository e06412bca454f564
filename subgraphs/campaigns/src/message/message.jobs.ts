// Sends one message; a launch owes one of these a message.
import { type Job, job } from '@switchyard/runtime/jobs/job'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { sendMail } from './send-message.ts'

const payload = z.object({ messageId: z.uuid() })

export type Sending = z.infer<typeof payload>

export const sendMessage: Job<Context, Sending> = job('send message', {
  payload,
  may: ['campaigns.campaign.read', 'crm.customer.read'],
  run: (ctx: Context, sending: Sending) => sendMail(ctx, sending, sendMessage),
})

export const messageJobs = [sendMessage]
