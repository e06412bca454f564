// What audit does unasked: it signs where the chain stands, and looks every night whether all of it still stands.
import { job } from '@switchyard/runtime/jobs/job'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { checkpointChain, verifyAndSign } from './checkpoint-chain.ts'

export const chainJobs = [
  job('checkpoint', {
    payload: z.unknown(),
    schedule: { every: 60_000 },
    run: (ctx: Context) => checkpointChain(ctx),
  }),
  job('verify', {
    payload: z.unknown(),
    schedule: { pattern: '10 2 * * *' },
    run: async (ctx: Context) => void (await verifyAndSign(ctx)),
  }),
]
