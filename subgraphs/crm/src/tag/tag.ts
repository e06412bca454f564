// A tag: a word by which customers are grouped.
import { invalidInput } from '@switchyard/runtime/errors'
import { given, text } from '@switchyard/runtime/input'
import type { CreateTagInput } from '../generated/graphql.ts'
import type { tags } from './tag.table.ts'

export type Tag = typeof tags.$inferSelect

function colour(value: string | null | undefined, field: string): string | null {
  if (value != null && !/^#[0-9a-f]{6}$/i.test(value)) throw invalidInput(field, 'A colour is written #rrggbb.')
  return value ?? null
}

export const newTag = (input: CreateTagInput) => given(input, { name: text(50), color: colour })
