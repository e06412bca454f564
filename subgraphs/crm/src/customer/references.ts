// What a customer's input may refer to: a user who works here, a company and tags that exist.
import { invalidInput } from '@switchyard/runtime/errors'
import type { Context } from '../context.ts'
import type { UpdateCustomerInput } from '../generated/graphql.ts'
import { mustBeAssignable } from '../user/user.ts'

type References = Pick<UpdateCustomerInput, 'ownerId' | 'companyId' | 'tagIds'>

export async function mustReferToWhatExists(ctx: Context, { ownerId, companyId, tagIds }: References): Promise<void> {
  await mustBeAssignable(ctx, ownerId)
  if (companyId != null && !(await ctx.companies.find(companyId)))
    throw invalidInput('companyId', 'There is no such company.')
  const tags = await ctx.tags.byIds(tagIds ?? [])
  if (tags.includes(null)) throw invalidInput('tagIds', 'There is no such tag.')
}
