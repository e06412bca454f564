// The role law of audit: what each field asks of the viewer's roles.
import { can, law } from '@switchyard/runtime/permissions/law'
import type { Resolvers } from './generated/graphql.ts'

const trail = { auditTrail: can('audit.trail.read') }

export const permissions = law<Resolvers>({
  Query: {
    auditEvents: can('audit.event.read'),
    verifyAuditChain: can('audit.chain.read'),
  },
  Campaign: trail,
  Customer: trail,
  Deal: trail,
  Order: trail,
  Ticket: trail,
})
