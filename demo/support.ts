// Ten days of the demo company's support: tickets that are taken, answered in time or late, and done, or not yet.
import type { Faker } from '@faker-js/faker'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { asker } from './ask.ts'
import type { Login, Staff } from './people.ts'

type Diary = { set(to: Date): void }
type Customer = { id: string; email: string; owner: { id: string } | null }
type Made = { createTicket: { id: string } }

/** What somebody does some time after the ten days have begun. */
type Step = { readonly at: number; readonly take: () => Promise<unknown> }

const minute = 60_000
const hour = 60 * minute
const span = 10 * 24 * hour
const ticketCount = 90
const ofAnna = 3

const matters = [
  { subject: 'A part is missing', body: 'Four screws are missing from the box.', answer: 'They are in the mail.' },
  { subject: 'Arrived damaged', body: 'One corner is broken off.', answer: 'We send another one today.' },
  {
    subject: 'Where is my order?',
    body: 'It should have come last week.',
    answer: 'It was held up; it comes tomorrow.',
  },
  { subject: 'Wrong invoice address', body: 'We have moved.', answer: 'Here is the corrected invoice.' },
  { subject: 'Question about a discount', body: 'Is there one for twenty?', answer: 'There is: ten percent.' },
  { subject: 'Cannot sign in', body: 'My password is not accepted.', answer: 'Please try the link that we have sent.' },
  { subject: 'Return of two pieces', body: 'They do not fit.', answer: 'The label for the parcel is attached.' },
  { subject: 'How is it cleaned?', body: 'There is a stain.', answer: 'With lukewarm water, never with bleach.' },
]

const createTicket = 'mutation ($input: CreateTicketInput!) { createTicket(input: $input) { id } }'
const assignTicket = 'mutation ($input: AssignTicketInput!) { assignTicket(input: $input) { id } }'
const reply = 'mutation ($input: ReplyToTicketInput!) { replyToTicket(input: $input) { id } }'
const changeStatus = 'mutation ($input: ChangeTicketStatusInput!) { changeTicketStatus(input: $input) { id } }'
const customersOf = `query ($search: String) {
  customers(first: 100, search: $search, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id email owner { id } } }
}`

export async function help(
  { crm, support }: Readonly<Record<'crm' | 'support', SubgraphExecutor>>,
  staff: Staff,
  faker: Faker,
  diary: Diary,
): Promise<void> {
  const as = Object.fromEntries(
    Object.entries(staff).map(([login, viewer]) => [login, asker(support, viewer, `support-${login}`)]),
  ) as Record<Login, ReturnType<typeof asker>>
  const loginOf = (userId: string | undefined): Login =>
    (Object.keys(staff) as Login[]).find((login) => staff[login].id === userId) ?? 'manager'
  const ask = asker(crm, staff.manager)
  const found = async (search?: string) =>
    (await ask<{ customers: { nodes: Customer[] } }>(customersOf, { search })).customers.nodes
  const [oldest, anna] = [await found(), await found('anna@northwind.example')]

  const steps: Step[] = []
  const plan = (at: number, take: Step['take']) => void steps.push({ at, take })

  /** A ticket's life: the later it is opened, the less of it has happened by now. */
  function ticket(customer: Customer, opened: number) {
    const matter = faker.helpers.arrayElement(matters)
    const priority = faker.helpers.weightedArrayElement([
      { weight: 2, value: 'LOW' },
      { weight: 5, value: 'NORMAL' },
      { weight: 2, value: 'HIGH' },
      { weight: 1, value: 'URGENT' },
    ])
    let id = ''
    plan(opened, async () => {
      const input = { customerId: customer.id, subject: matter.subject, body: matter.body, priority }
      id = (await as[loginOf(customer.owner?.id)]<Made>(createTicket, { input })).createTicket.id
    })
    if (faker.datatype.boolean(0.15)) return // it waits in the queue
    const agent = faker.helpers.arrayElement<Login>(['agent', 'agent2'])
    const later = (least: number, most: number) => faker.number.int({ min: least, max: most })
    const taken = opened + later(5 * minute, 3 * hour)
    plan(taken, () => as[agent](assignTicket, { input: { id, assigneeId: staff[agent].id } }))
    if (faker.datatype.boolean(0.3)) {
      const body = 'Has anybody had this before?'
      plan(taken + minute, () => as[agent](reply, { input: { ticketId: id, body, visibility: 'INTERNAL' } }))
    }
    const isLate = faker.datatype.boolean(0.25)
    const answered = taken + (isLate ? later(26 * hour, 50 * hour) : later(10 * minute, 5 * hour))
    plan(answered, () => as[agent](reply, { input: { ticketId: id, body: matter.answer, visibility: 'PUBLIC' } }))
    const to = (at: number, status: string) => plan(at, () => as[agent](changeStatus, { input: { id, status } }))
    to(answered + minute, faker.helpers.arrayElement(['PENDING', 'PENDING', 'SNOOZED']))
    if (faker.datatype.boolean(0.25)) return
    const resolved = answered + later(2 * hour, 30 * hour)
    to(resolved, 'RESOLVED')
    if (faker.datatype.boolean(0.1)) to(resolved + later(hour, 5 * hour), 'OPEN')
    else if (faker.datatype.boolean(0.5)) to(resolved + later(20 * hour, 30 * hour), 'CLOSED')
  }

  const whose = [...Array(ofAnna).fill(anna[0]), ...faker.helpers.arrayElements(oldest, ticketCount - ofAnna)]
  for (const [index, customer] of whose.entries()) {
    ticket(customer, index < ofAnna ? (index + 1) * 2 * 24 * hour : faker.number.int({ min: 0, max: span - 2 * hour }))
  }
  const start = Date.now() - span
  // Nothing happens in the last minutes, so that the calendar never passes now.
  const done = steps.filter(({ at }) => at < span - 10 * minute).sort((one, other) => one.at - other.at)
  for (const { at, take } of done) {
    diary.set(new Date(start + at))
    await take()
  }
}
