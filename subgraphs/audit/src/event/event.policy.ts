// The log is for those who may read it as a whole; a row's trail for those who may read the trails of what they see.
import { everyones } from '@switchyard/runtime/rows/policy'
import { events } from './event.table.ts'

export const eventPolicy = everyones('audit.event', events)
export const trailPolicy = everyones('audit.trail', events)
