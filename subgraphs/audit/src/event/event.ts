// What the log keeps of an event of any subgraph.
import type { OutboxRow } from '@switchyard/runtime/database/ledger'
import type { details, events } from './event.table.ts'

export type AuditEvent = typeof events.$inferSelect
export type Detail = typeof details.$inferSelect

/** An event as it is told, before it has its place in the chain. */
export type Told = Omit<AuditEvent, 'sequence' | 'commitment' | 'previousHash' | 'hash'>

/** GraphQL types that carry their domain, because the word alone is general. */
const typesOf: Readonly<Record<string, string>> = {
  'crm.stage': 'DealStage',
  'campaigns.message': 'CampaignMessage',
  'campaigns.progress': 'CampaignDelivery',
  'support.reply': 'TicketReply',
}

/** The GraphQL type of an entity: `crm.deal` is `Deal`. */
export const typeOf = (entity: string): string => typesOf[entity] ?? pascal(entity.slice(entity.indexOf('.') + 1))

const pascal = (words: string) => words.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

export const toldOf = (event: OutboxRow): Told => ({
  id: event.id,
  source: event.type.slice(0, event.type.indexOf('.')),
  action: event.type,
  entityType: typeOf(event.entity),
  entityId: event.entityId,
  concessionId: (event.audienceAfter ?? event.audienceBefore)?.concessionId ?? null,
  at: event.occurredAt,
  actorKind: event.actorKind,
  actorId: event.actorId,
  impersonatorId: event.impersonatorId,
  requestId: event.requestId,
  causeId: event.causeId,
})

/** The person who acted; null for machines, partners and nobody. */
export const userOf = ({ actorKind, actorId }: AuditEvent): string | null => (actorKind === 'USER' ? actorId : null)
