import { text } from '@switchyard/runtime/input'
import { partnerRegistered } from '@switchyard/schema/events/identity'
import type { Context } from '../context.ts'
import { digestOf, newSecret } from '../session/secret.ts'
import { keyPrefix, type Partner } from './partner.ts'

export type RegisterPartnerInput = {
  readonly name: string
  /** Names of documents in `schema/operations/partners`. */
  readonly operations: readonly string[]
  readonly permissions: readonly string[]
  /** Made when absent. */
  readonly key?: string
}

/** Registers a partner with a key, which is shown this once: only its hash is kept. */
export const registerPartner = (
  ctx: Context,
  input: RegisterPartnerInput,
): Promise<{ partner: Partner; key: string }> =>
  ctx.transaction(async (tx) => {
    const key = input.key ?? `${keyPrefix}${newSecret()}`
    const partner = await tx.partners.insert({
      name: text()(input.name, 'name'),
      operations: [...input.operations],
      permissions: [...input.permissions],
    })
    await tx.partners.insertKey(partner.id, digestOf(key))
    tx.record(partnerRegistered(partner, {}))
    return { partner, key }
  })
