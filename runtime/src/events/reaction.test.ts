import { expect, it } from 'vitest'
import { everything, reaction, reactsTo } from './reaction.ts'

const to = (heard: readonly string[] | typeof everything) =>
  reaction({ name: 'listen', to: heard, may: [], run: async () => undefined })

it.each([
  ['its own event', to(['crm.deal.moved']), 'crm.deal.moved', true],
  ['an event of another name', to(['crm.deal.moved']), 'crm.deal.moved_back', false],
  ['every event of an entity', to(['identity.user.']), 'identity.user.blocked', true],
  ['no event of an entity that begins alike', to(['identity.user.']), 'identity.user_group.made', false],
  ['everything', to(everything), 'crm.deal.moved', true],
])('a reaction hears %s', (_, listening, type, hears) => {
  expect(reactsTo(listening, type)).toBe(hears)
})
