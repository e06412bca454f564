// Ten days of the demo company's trade: what it sells, and what its customers ordered.
import type { Faker } from '@faker-js/faker'
import type { SubgraphExecutor } from '@switchyard/runtime/subgraph/executor'
import { type Ask, asker } from './ask.ts'
import type { Login, Staff } from './people.ts'
import type { Calendar } from './sales.ts'

type OwnCalendar = Calendar & { set(to: Date): void }
type Made = { id: string }
type Buyer = Made & { email: string | null; owner: Made | null }

const minute = 60_000
const day = 24 * 60 * minute
const orderCount = 120
const everyThirtiethIsAnnas = 30

const ranges = [
  {
    kind: 'CHR',
    names: ['Oak chair', 'Bar stool', 'Armchair', 'Office chair', 'Folding chair'],
    from: 4_900,
    to: 39_900,
  },
  { kind: 'TBL', names: ['Oak table', 'Standing desk', 'Side table', 'Meeting table'], from: 14_900, to: 129_900 },
  { kind: 'LMP', names: ['Desk lamp', 'Floor lamp', 'Pendant lamp', 'Wall light'], from: 2_900, to: 24_900 },
  { kind: 'SHF', names: ['Bookcase', 'Wall shelf', 'Shoe rack', 'Filing cabinet'], from: 3_900, to: 59_900 },
  { kind: 'TXT', names: ['Wool rug', 'Linen curtain', 'Café cushion', 'Acoustic panel'], from: 1_900, to: 44_900 },
]
const unsold = [
  { sku: 'CHR-900', name: 'Prototype chair', status: 'DRAFT', stockOnHand: 0 },
  { sku: 'LMP-900', name: 'Neon lamp', status: 'ARCHIVED', stockOnHand: 7 },
  { sku: 'TBL-900', name: 'Marble table', status: 'ACTIVE', stockOnHand: 0 },
]

/** The steps that orders take, and how often. */
const fates = [
  { weight: 3, value: [] },
  { weight: 3, value: ['Confirm'] },
  { weight: 9, value: ['Confirm', 'Fulfill'] },
  { weight: 1, value: ['Confirm', 'Fulfill', 'Refund'] },
  { weight: 2, value: ['Cancel'] },
]

const createProduct = 'mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }'
const placeOrder = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }'
const stepTo = (name: string) =>
  `mutation ($input: ${name}OrderInput!) { ${name.toLowerCase()}Order(input: $input) { id } }`

/** The subgraphs that trade takes: customers are crm's. */
export type Shop = { readonly commerce: SubgraphExecutor; readonly crm: SubgraphExecutor }

export async function trade({ commerce, crm }: Shop, staff: Staff, faker: Faker, calendar: OwnCalendar): Promise<void> {
  calendar.set(new Date(Date.now() - 10 * day))
  const as = Object.fromEntries(
    Object.entries(staff).map(([login, viewer]) => [login, asker(commerce, viewer, `commerce-${login}`)]),
  ) as Record<Login, Ask>
  const pause = (longest: number) => calendar.advance(faker.number.int({ min: minute, max: longest }))

  const sold = await stockUp(as.manager, faker)
  const { customers } = await asker(
    crm,
    staff.manager,
  )<{ customers: { nodes: Buyer[] } }>(
    '{ customers(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id email owner { id } } } }',
  )
  const anna = customers.nodes.filter(({ email }) => email === 'anna@northwind.example')
  const sellerOf = ({ owner }: Buyer): Login =>
    (['agent', 'agent2'] as const).find((login) => staff[login].id === owner?.id) ?? 'manager'

  for (let index = 0; index < orderCount; index++) {
    pause(140 * minute)
    const isAnnas = index % everyThirtiethIsAnnas === 0
    const buyer = faker.helpers.arrayElement(isAnnas ? anna : customers.nodes)
    const lines = faker.helpers
      .arrayElements(sold, { min: 1, max: 4 })
      .map((productId) => ({ productId, quantity: faker.number.int({ min: 1, max: 6 }) }))
    const made = await as[sellerOf(buyer)]<{ placeOrder: Made }>(placeOrder, {
      input: { customerId: buyer.id, lines },
    })
    for (const step of faker.helpers.weightedArrayElement(fates)) {
      pause(20 * minute)
      await as.manager(stepTo(step), { input: { id: made.placeOrder.id } })
    }
  }
}

/** Puts everything on the shelves; answers with what can be ordered. */
async function stockUp(ask: Ask, faker: Faker): Promise<string[]> {
  const priced = (from: number, to: number) => ({
    amount: String(faker.number.int({ min: from / 100, max: to / 100 }) * 100),
    currency: 'EUR',
  })
  const sold: string[] = []
  for (const { kind, names, from, to } of ranges) {
    for (const [index, name] of names.entries()) {
      const price = priced(from, to)
      const stockOnHand = faker.number.int({ min: 200, max: 900 })
      const description = faker.commerce.productDescription()
      const input = { sku: `${kind}-${100 + index}`, name, description, status: 'ACTIVE', price, stockOnHand }
      const made = await ask<{ createProduct: Made }>(createProduct, { input })
      sold.push(made.createProduct.id)
    }
  }
  for (const product of unsold) await ask(createProduct, { input: { ...product, price: priced(2_000, 90_000) } })
  return sold
}
