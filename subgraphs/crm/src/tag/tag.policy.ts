// Tags have no owner: the role decides, within the viewer's concession.
import { everyones } from '@switchyard/runtime/rows/policy'
import { tags } from './tag.table.ts'

export const tagPolicy = everyones('crm.tag', tags)
