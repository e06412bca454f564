// Ten days in which Anna's customer record changes hands and back: what an audit trail is read for.
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { asker } from './ask.ts'
import type { Login, Staff } from './people.ts'

type Diary = { set(to: Date): void }

const day = 24 * 60 * 60_000
const changes: readonly { after: number; by: Login; change: Record<string, unknown> }[] = [
  { after: 0.4, by: 'agent', change: { contacted: true, contactPreferences: ['EMAIL', 'PHONE'] } },
  { after: 2.1, by: 'manager', change: { phone: '+31205550199' } },
  { after: 5.3, by: 'agent', change: { nextFollowUpAt: null } },
  { after: 8.7, by: 'admin', change: { contactPreferences: ['EMAIL'] } },
]

const updateCustomer = 'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { id } }'

export async function lookAfterAnna(crm: SubgraphExecutor, staff: Staff, diary: Diary): Promise<void> {
  const begin = Date.now() - 10 * day
  const { customers } = await asker(
    crm,
    staff.manager,
  )<{ customers: { nodes: { id: string }[] } }>(
    '{ customers(first: 1, search: "anna@northwind.example") { nodes { id } } }',
  )
  const anna = customers.nodes[0]?.id
  for (const { after, by, change } of changes) {
    diary.set(new Date(begin + after * day))
    const ask = asker(crm, staff[by], `anna-${after}`)
    await ask(updateCustomer, { input: { id: anna, ...change } })
  }
}
