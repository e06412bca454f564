import { tagCreated } from '@switchyard/schema/events/crm'
import type { Context } from '../context.ts'
import type { CreateTagInput } from '../generated/graphql.ts'
import { newTag } from './tag.ts'

export const createTag = (ctx: Context, input: CreateTagInput) =>
  ctx.transaction(async (tx) => {
    const tag = await tx.tags.insert(newTag(input))
    tx.record(tagCreated(tag, {}))
    return tag
  })
