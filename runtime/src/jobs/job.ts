// How a job is declared: its name, what it is handed, what it does, and when it runs unasked.
import type { z } from 'zod'

/** When a job runs unasked: a cron pattern (UTC), or every so many milliseconds. */
export type Schedule = { readonly pattern: string } | { readonly every: number }

export const mostAttempts = 8

/** What the queue knows of a run; `id` is the same at every attempt. */
export type JobMeta = { readonly id: string; readonly attempt: number }

export type Job<Context = never, Payload = unknown> = {
  readonly name: string
  readonly payload: z.ZodType<Payload>
  readonly attempts: number
  readonly schedule: Schedule | undefined
  /** The permission elements that its work takes. */
  readonly may: readonly string[]
  run(ctx: Context, payload: Payload): Promise<void>
}

type Declared<Context, Payload> = {
  readonly payload: z.ZodType<Payload>
  readonly run: (ctx: Context, payload: Payload) => Promise<void>
  /** 1 to 8; a job that failed is tried again after 1 s, 2 s, 4 s, … */
  readonly attempts?: number
  /** A scheduled run has the payload `{}`. */
  readonly schedule?: Schedule
  readonly may?: readonly string[]
}

/** Declares a job. A run may be repeated after a crash: its effect must bear that. */
export function job<Context, Payload>(name: string, declared: Declared<Context, Payload>): Job<Context, Payload> {
  const { attempts = mostAttempts, schedule, may = [], ...rest } = declared
  if (attempts < 1 || attempts > mostAttempts) throw new Error(`Job ${name}: attempts must be 1 to ${mostAttempts}.`)
  return { name, attempts, schedule, may, ...rest }
}
