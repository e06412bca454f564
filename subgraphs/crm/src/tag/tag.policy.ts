// Tags belong to nobody: the role alone decides.
import { everyones } from '@switchyard/runtime/rows/policy'
import { tags } from './tag.table.ts'

export const tagPolicy = everyones('crm.tag', tags)
