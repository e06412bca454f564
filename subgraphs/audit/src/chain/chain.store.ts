// All SQL on the chain as a whole: its end, its checkpoints, its links in order.
import type { Scope } from '@switchyard/runtime/rows/scope'
import { desc, eq, getTableColumns, sql } from 'drizzle-orm'
import { details, events } from '../event/event.table.ts'
import type { AuditEvent, Detail } from '../event/event.ts'
import { checkpoints, heads } from './chain.table.ts'
import type { Checkpoint } from './checkpoint.ts'
import { beginning, type Link } from './link.ts'

export type LoggedLink = {
  readonly event: AuditEvent
  readonly detail: Omit<Detail, 'eventId'> | null
  readonly checkpoint: Checkpoint | null
}

/** As the driver hands it over: mapping every column of every row would take as long as hashing them. */
type LinkRow = Omit<AuditEvent, 'sequence' | 'at'> & {
  sequence: string
  at: string
  salt: string | null
  changes: Detail['changes']
  payload: Detail['payload']
  signedHash: string | null
  signature: string
  sealedAt: string
  previousCheckpoint: string | null
}

const everyColumn = sql.join(
  Object.entries(getTableColumns(events)).map(([name, column]) => sql`${column} as ${sql.identifier(name)}`),
  sql`, `,
)

const linkOf = (row: LinkRow, keyId: string): LoggedLink => {
  const { salt, changes, payload } = row
  const event = { ...row, sequence: BigInt(row.sequence), at: new Date(row.at) }
  return {
    event,
    detail: salt === null ? null : { salt, changes, payload },
    checkpoint: checkpointOf(row, { sequence: event.sequence, keyId }),
  }
}

function checkpointOf(row: LinkRow, place: Pick<Checkpoint, 'sequence' | 'keyId'>): Checkpoint | null {
  const { signedHash, signature, sealedAt, previousCheckpoint } = row
  if (signedHash === null) return null
  return { ...place, hash: signedHash, signature, createdAt: new Date(sealedAt), previousHash: previousCheckpoint }
}

/** A place between two rows; rows of one sequence, which should not be, are told apart by their ids. */
export type Place = { readonly sequence: bigint; readonly id: string }

/** Behind all rows of the sequence; for the beginning, before any row that there can be. */
export const behind = ({ sequence }: Link): Place =>
  sequence === beginning.sequence
    ? { sequence: -(2n ** 63n), id: '00000000-0000-0000-0000-000000000000' }
    : { sequence, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

const batch = 1000

export const chainStore = ({ db }: Scope) => ({
  /** Where the chain ends, by each of those who should know: the head, the log itself, the checkpoints. */
  async ends(keyId: string): Promise<{ head: Link; logged: bigint; signed: bigint }> {
    // One statement, so that nothing can be added in between.
    const [row] = await db
      .select({
        sequence: heads.sequence,
        hash: heads.hash,
        logged: sql<string>`(select coalesce(max(sequence), 0) from ${events})`,
        signed: sql<string>`(select coalesce(max(sequence), 0) from ${checkpoints} where key_id = ${keyId})`,
      })
      .from(sql`(select) as always`)
      .leftJoin(heads, sql`true`)
    const head = { sequence: row?.sequence ?? beginning.sequence, hash: row?.hash ?? beginning.hash }
    return { head, logged: BigInt(row?.logged ?? 0), signed: BigInt(row?.signed ?? 0) }
  },
  /** The next events behind a place with what is known of each; none at the end. */
  async linksAfter({ sequence, id }: Place, keyId: string): Promise<LoggedLink[]> {
    const rows = await db.execute<LinkRow>(sql`
      select ${everyColumn}, ${details.salt}, ${details.changes}, ${details.payload},
        ${checkpoints.hash} as "signedHash", ${checkpoints.signature}, ${checkpoints.createdAt} as "sealedAt",
        ${checkpoints.previousHash} as "previousCheckpoint"
      from ${events}
      left join ${details} on ${details.eventId} = ${events.id}
      left join ${checkpoints} on ${checkpoints.sequence} = ${events.sequence} and ${checkpoints.keyId} = ${keyId}
      where (${events.sequence}, ${events.id}) > (${sequence}::bigint, ${id}::uuid)
      order by ${events.sequence}, ${events.id} limit ${batch}`)
    return rows.map((row) => linkOf(row, keyId))
  },
  async link(sequence: bigint): Promise<Link | undefined> {
    const [link] = await db
      .select({ sequence: events.sequence, hash: events.hash })
      .from(events)
      .where(eq(events.sequence, sequence))
    return link
  },
  async lastCheckpoint(keyId: string): Promise<Checkpoint | undefined> {
    const [last] = await db
      .select()
      .from(checkpoints)
      .where(eq(checkpoints.keyId, keyId))
      .orderBy(desc(checkpoints.sequence))
      .limit(1)
    return last
  },
  /** One after the other, until the transaction ends: each checkpoint is linked to the one before. */
  async lockCheckpoints(): Promise<void> {
    await db.execute(sql`select pg_advisory_xact_lock(hashtext('audit.checkpoints'))`)
  },
  async insertCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await db.insert(checkpoints).values(checkpoint)
  },
})
