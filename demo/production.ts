// Production does not start over the demo world: its password and its partner's key can be read here by anybody.
import { setTimeout as sleep } from 'node:timers/promises'
import { addressesAccepted, digestAccepted } from '@switchyard/identity/accepted-credentials'
import { ConfigError } from '@switchyard/runtime/config'
import { connectionProblem, isNotMigrated } from '@switchyard/runtime/database/connection-problem'
import { type Db, openDatabase } from '@switchyard/runtime/database/pool'
import type { Log } from '@switchyard/runtime/log'
import { emailOf, partnerKey, password, staff } from './people.ts'

const retryDelayMs = 1000

const notMigrated = { isTemporary: true, sentence: 'it is not migrated: run `node main.ts migrate`' }

export type IdentityDatabase = { readonly url: string; readonly variable: string; readonly log: Log }

/**
 * Throws a ConfigError when credentials of the demo world are accepted. Waits for a database that does not answer or is
 * not migrated yet: nothing is served before this is known.
 */
export async function refuseDemoCredentials({ url, variable, log }: IdentityDatabase): Promise<void> {
  const database = openDatabase({ url, schema: 'identity', max: 1, log })
  const check = async () => {
    const accepted = await acceptedIn(database.db)
    if (accepted.cures.length > 0) throw new ConfigError(sentence(accepted))
    return true
  }
  const waitOrThrow = (error: unknown) => {
    const problem = isNotMigrated(error) ? notMigrated : connectionProblem(error, url)
    if (!problem) throw error
    if (!problem.isTemporary) throw new ConfigError(`${variable}: ${problem.sentence}`)
    log.warn({ reason: problem.sentence }, 'waiting for the database of identity')
    return sleep(retryDelayMs, false)
  }
  try {
    while (!(await check().catch(waitOrThrow)));
  } finally {
    await database.close()
  }
}

type Accepted = { readonly credentials: readonly string[]; readonly cures: readonly string[] }

async function acceptedIn(db: Db): Promise<Accepted> {
  const known = staff.map(({ login }) => emailOf(login))
  const addresses = await addressesAccepted(db, known, password)
  const digest = await digestAccepted(db, partnerKey)
  const quoted = addresses.map((address) => `'${address}'`).join(', ')
  const block = `update identity.users set status = 'BLOCKED' where lower(email) in (${quoted});`
  const revoke = `update identity.partner_keys set revoked_at = now() where hash = '${digest}';`
  return {
    credentials: [...addresses, ...(digest ? ["the demo partner's key"] : [])],
    cures: [...(addresses.length > 0 ? [block] : []), ...(digest ? [revoke] : [])],
  }
}

const sentence = ({ credentials, cures }: Accepted) =>
  [
    `NODE_ENV: production refuses to start over the demo world, whose credentials are public: ${credentials.join(', ')}.`,
    "Use an empty database (the embedded one: another DATA_DIR), or run these statements as the owner of identity's database:",
    ...cures.map((statement) => `  ${statement}`),
  ].join('\n')
