// The demo world: three weeks of a company, made once in an empty graph, always the same.
import { en, Faker } from '@faker-js/faker'
import { registerPartner } from '@switchyard/identity/partner'
import { type Clock, settableClock } from '@switchyard/runtime/clock'
import type { RunningSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { service } from '@switchyard/runtime/viewer/viewer'
import { lookAfterAnna } from './audit.ts'
import { promote } from './campaigns.ts'
import { trade } from './commerce.ts'
import { demoBegan, hire, partnerKey } from './people.ts'
import { sell } from './sales.ts'
import { help } from './support.ts'

const span = 24 * 24 * 60 * 60_000

export type DemoClock = Clock & { set(to: Date): void; advance(milliseconds: number): void }

/** The demo company's own time; it begins 24 days before now, and reaches now when all is made. */
export const demoClock = (): DemoClock => settableClock(new Date(Date.now() - span))

/** Makes the demo world in subgraphs that keep its time; begun anew after a crash, it is finished. */
export async function makeDemo(subgraphs: readonly RunningSubgraph[], clock: DemoClock): Promise<void> {
  const named = (name: string): RunningSubgraph => {
    const found = subgraphs.find((one) => one.name === name)
    if (!found) throw new Error(`The demo world needs the subgraph ${name}.`)
    return found
  }
  const identity = named('identity')
  // Begun anew, it is the same world only if its time is the same.
  clock.set((await demoBegan(identity)) ?? clock.now())
  const people = await hire(identity)
  await sell(named('crm'), people, new Faker({ locale: [en], seed: 4000 }), clock)
  await trade(
    { commerce: named('commerce'), crm: named('crm') },
    people,
    new Faker({ locale: [en], seed: 4003 }),
    clock,
  )
  await help({ crm: named('crm'), support: named('support') }, people, new Faker({ locale: [en], seed: 4001 }), clock)
  await promote(
    { campaigns: named('campaigns'), crm: named('crm') },
    people,
    new Faker({ locale: [en], seed: 4004 }),
    clock,
  )
  await lookAfterAnna(named('crm'), people, clock)
  // The partner comes last: whoever finds it finds the whole world.
  const viewer = service('demo', ['identity.partner.create'])
  await registerPartner(identity.open({ viewer, requestId: 'demo' }) as never, {
    name: 'Demo partner',
    key: partnerKey,
    operations: ['PartnerCustomerList', 'PartnerDealList', 'PartnerPipelines'],
    permissions: ['crm.customer.read', 'crm.company.read', 'crm.deal.read', 'crm.pipeline.read', 'crm.tag.read'],
  })
}
