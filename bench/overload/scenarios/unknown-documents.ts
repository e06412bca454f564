// A client without a credential that sends documents which nobody has sent before, as costly to validate and plan as
// the limits allow.
import { openSession } from '../../../test/session.ts'
import { administrator } from '../../session.ts'
import { inLoops, scenario } from '../scenario.ts'

export default scenario<{ url: string }>({
  name: 'unknown documents of an anonymous client',
  async prepare(shape) {
    const { ok } = await administrator(shape)
    return {
      input: { url: shape.url },
      probes: {
        '{ __typename }': () => ok('{ __typename }'),
        customers: () => ok('{ customers(first: 5) { nodes { name } } }'),
      },
    }
  },
  load({ url }, signal) {
    const { send } = openSession(url, undefined, () => undefined)
    let documents = 0
    return inLoops(10, signal, async () => {
      const { status } = await send(costlyDocument(documents++))
      return `HTTP ${status}`
    })
  },
})

/** Nested relations over several subgraphs, under another alias each time. */
function costlyDocument(number: number): string {
  const person = 'id name email teams: roles { name }'
  const deals = `deals(first: 2) { nodes { id title owner { ${person} } customer { name owner { ${person} } } } }`
  const fields = Array.from(
    { length: 5 },
    (_, index) =>
      `a${number}_${index}: customers(first: 2) { nodes { name owner { ${person} } ${deals} orders(first: 2) { nodes { id } } tickets(first: 2) { nodes { id subject } } } }`,
  )
  return `{ ${fields.join(' ')} }`
}
