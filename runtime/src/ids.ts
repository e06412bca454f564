// Ids: UUIDv7, so that new rows lie together in the index and sort by age.
import { v7, validate } from 'uuid'

export const newId = (): string => v7()

/** Whether a text may be sent to PostgreSQL as a uuid; what is none names no row. */
export const isId = (text: unknown): text is string => typeof text === 'string' && validate(text)
