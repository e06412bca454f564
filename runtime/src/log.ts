// One JSON line an event; a request's lines carry its id. Nothing is logged whole that somebody sent.
import { type DestinationStream, type LogFn, type Logger, pino } from 'pino'
import { messageOf } from './log/error.ts'
import { loggableText } from './log/redact.ts'
import { loggableRecord, loggableValue } from './log/value.ts'

export type Log = Logger

/** A log of one process role (`gateway`, `crm`, `worker`), at the level of LOG_LEVEL, on stdout if not elsewhere. */
export const createLog = (level: string, role: string, destination: DestinationStream = pino.destination(1)): Log =>
  pino(
    {
      level,
      base: { role },
      timestamp: pino.stdTimeFunctions.isoTime,
      // errors are made loggable with all else that is logged, wherever they are in it; a child's bindings are not
      serializers: { err: (error: unknown) => error, requestId: loggableValue },
      hooks: {
        logMethod(args, method) {
          method.apply(this, loggable(args) as Parameters<LogFn>)
        },
      },
    },
    destination,
  )

/** The arguments of a log method: an error or a record, then a message; or a message alone. */
function loggable([first, ...rest]: readonly unknown[]): unknown[] {
  if (typeof first !== 'object' || first === null) return [first, ...rest].map((each) => loggableValue(each))
  const record = first instanceof Error ? { err: first } : (first as Readonly<Record<string, unknown>>)
  const [message = record.err instanceof Error ? messageOf(record.err) : undefined, ...others] = rest
  const said = typeof message === 'string' ? loggableText(message) : message
  return [loggableRecord(record), said, ...others.map((each) => loggableValue(each))]
}
