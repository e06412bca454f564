// One JSON line an event; a request's lines carry its id.
import { type Logger, pino } from 'pino'

export type Log = Logger

/** A log of one process role (`gateway`, `crm`, `worker`), at the level of LOG_LEVEL. */
export const createLog = (level: string, role: string): Log =>
  pino({
    level,
    base: { role },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['authorization', '*.authorization', 'password', '*.password', 'token', '*.token'],
      censor: '[secret]',
    },
  })
