// The demo world: six weeks of a company, made once in an empty graph, always the same.
import { en, Faker } from '@faker-js/faker'
import { registerPartner } from '@switchyard/identity/partner'
import { type Clock, settableClock } from '@switchyard/runtime/clock'
import type { Log } from '@switchyard/runtime/log'
import type { RunningSubgraph } from '@switchyard/runtime/subgraph/subgraph'
import { service } from '@switchyard/runtime/viewer/viewer'
import { emailOf, hire, password, staff } from './people.ts'
import { sell } from './sales.ts'

const sixWeeks = 6 * 7 * 24 * 60 * 60_000
const partnerKey = 'swp_demo-partner-key'

/** The demo company's own time; it begins six weeks before now. */
export const demoClock = () => settableClock(new Date(Date.now() - sixWeeks))

export type DemoClock = ReturnType<typeof demoClock>

/** Makes the demo world with subgraphs that keep the demo's time. */
export async function makeDemo(subgraphs: readonly RunningSubgraph[], clock: DemoClock, log: Log): Promise<void> {
  const named = (name: string): RunningSubgraph => {
    const found = subgraphs.find((one) => one.name === name)
    if (!found) throw new Error(`The demo world needs the subgraph ${name}.`)
    return found
  }
  const faker = new Faker({ locale: [en], seed: 4000 })
  const people = await hire(named('identity'))
  await sell(named('crm'), people, faker, clock)
  log.info({ until: clock.now() }, 'the demo world is made')
}
