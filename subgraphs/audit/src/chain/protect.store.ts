// What the database lets audit itself do: read and add, where the runtime's grant gives more.
import type { Db } from '@switchyard/runtime/database/pool'
import { roleOf } from '@switchyard/runtime/database/pool'
import { sql } from 'drizzle-orm'
import { details, events } from '../event/event.table.ts'
import { checkpoints, heads } from './chain.table.ts'
import { beginning } from './link.ts'

/** Runs as the owner, after each migration. */
export async function protectChain(db: Db): Promise<void> {
  const role = sql.identifier(roleOf('audit'))
  await db.insert(heads).values(beginning).onConflictDoNothing()
  for (const table of [events, details, checkpoints])
    await db.execute(sql`revoke update, delete on ${table} from ${role}`)
  await db.execute(sql`revoke insert, delete on ${heads} from ${role}`)
}
