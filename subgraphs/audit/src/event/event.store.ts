// All SQL on logged events and their details.
import { byId, byMoment, byText, isAmong } from '@switchyard/runtime/rows/filters'
import { by, type Lists } from '@switchyard/runtime/rows/lists'
import { page, pagesByParent } from '@switchyard/runtime/rows/page'
import type { PageArgs } from '@switchyard/runtime/rows/page-args'
import { partsByParent } from '@switchyard/runtime/rows/rows-by-parent'
import type { Scope } from '@switchyard/runtime/rows/scope'
import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { heads } from '../chain/chain.table.ts'
import type { AuditEventFilter, CustomerAuditTrailArgs, IdFilter, QueryAuditEventsArgs } from '../generated/graphql.ts'
import { eventPolicy, trailPolicy } from './event.policy.ts'
import { details, events } from './event.table.ts'
import type { Detail, Told } from './event.ts'

/** Actors are users, partners, or tasks, which have names instead of ids. */
const byActor = ({ eq: one, in: some, isNull: none }: IdFilter): SQL | undefined =>
  and(
    one == null ? undefined : eq(events.actorId, one),
    some == null ? undefined : isAmong(events.actorId, some),
    none == null ? undefined : none ? isNull(events.actorId) : isNotNull(events.actorId),
  )

const lists = {
  filters: {
    action: byText(events.action),
    entityType: byText(events.entityType),
    entityId: byId(events.entityId),
    actorId: byActor,
    at: byMoment(events.at),
    requestId: byText(events.requestId),
  },
  orders: { SEQUENCE: by(events.sequence), AT: by(events.at) },
} satisfies Lists<AuditEventFilter, 'SEQUENCE' | 'AT'>

const lastHeard = { field: 'SEQUENCE', direction: 'DESC' } as const
const lastHappened = { field: 'AT', direction: 'DESC' } as const

export const eventStore = (scope: Scope) => ({
  list: (args: QueryAuditEventsArgs) => page(scope, eventPolicy, { ...args, orderBy: lastHeard }, lists),
  /** What happened to one thing; the last first, as it happened, which need not be as it was heard of. */
  ofEntity: (id: string, args: CustomerAuditTrailArgs) => {
    const wanted: PageArgs<AuditEventFilter, 'SEQUENCE' | 'AT'> = { ...args, orderBy: lastHappened }
    return pagesByParent(scope, trailPolicy, events.entityId, id, wanted, lists)
  },
  /** What an event said beyond its envelope; undefined once that is erased. */
  async detail(id: string): Promise<Detail | undefined> {
    const [detail] = await partsByParent(scope, details, details.eventId, id)
    return detail
  },

  /**
   * Adds an event to the end of the chain, in one statement: whoever comes at the same time waits for this
   * transaction, so nothing slow may stand between it and the commit. An event that is there already is left alone.
   */
  async insert(told: Told, { salt, changes, payload }: Detail, commitment: string, digest: string): Promise<void> {
    await scope.db.execute(sql`
      with head as (
        update ${heads} set
          sequence = sequence + 1,
          hash = encode(sha256(convert_to(hash || ':' || (sequence + 1) || ':' || ${digest}::text, 'UTF8')), 'hex')
        where not exists (select from ${events} where ${events.id} = ${told.id}::uuid)
        returning new.sequence, old.hash as previous_hash, new.hash
      ), detail as (
        insert into ${details} (event_id, salt, changes, payload)
        select ${told.id}::uuid, ${salt}::text, ${JSON.stringify(changes)}::jsonb, ${JSON.stringify(payload)}::jsonb
        from head
      )
      insert into ${events} (
        sequence, id, source, action, entity_type, entity_id, concession_id, at, actor_kind, actor_id,
        impersonator_id, request_id, cause_id, commitment, previous_hash, hash)
      select sequence, ${told.id}::uuid, ${told.source}::text, ${told.action}::text, ${told.entityType}::text,
        ${told.entityId}::uuid, ${told.concessionId}::uuid, ${told.at.toISOString()}::timestamptz,
        ${told.actorKind}::text, ${told.actorId}::text, ${told.impersonatorId}::uuid, ${told.requestId}::text,
        ${told.causeId}::uuid, ${commitment}::text, previous_hash, hash
      from head`)
  },
})

export type EventPage = ReturnType<ReturnType<typeof eventStore>['list']>
