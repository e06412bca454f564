import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPlans } from './plans.ts'
import { loadSupergraph } from './supergraph.ts'
import { crmTypeDefs } from './testing/crm.ts'
import { composed } from './testing/graph.ts'
import { identityTypeDefs } from './testing/identity.ts'

const supergraph = loadSupergraph(composed({ identity: identityTypeDefs, crm: crmTypeDefs }))
const question = (name: string) => `query ${name} { customer(id: 1) { name owner { name } } }`

describe('what is worked out of a document', () => {
  it('is worked out once', () => {
    const plans = createPlans(supergraph)
    const document = plans.parsed(question('A'))
    expect(plans.parsed(question('A'))).toBe(document)
    expect(plans.prepared(document)).toBe(plans.prepared(document))
    expect(plans.prepared(document).plan('A')).toBe(plans.prepared(document).plan(undefined))
    expect(plans.caches.document.served).toMatchObject({ hits: 1, misses: 1, evictions: 0, entries: 1 })
    expect(plans.caches.plan.served).toMatchObject({ hits: 1, misses: 1, evictions: 0, entries: 1 })
  })

  it('is one plan for each of its operations', () => {
    const plans = createPlans(supergraph)
    const { plan } = plans.prepared(plans.parsed(`${question('A')} query B { me { id } }`))
    expect(plan('A')).not.toBe(plan('B'))
    expect(plan('B')).toBe(plan('B'))
    expect(plans.caches.plan.served.entries).toBe(2)
  })

  it('is given up for newer ones when it weighs too much, with its plans', () => {
    const plans = createPlans(supergraph, undefined, { documents: 500_000, plans: 50_000 })
    for (let count = 0; count < 300; count++) plans.prepared(plans.parsed(question(`Q${count}`))).plan(undefined)
    const { document, plan } = plans.caches
    expect(document.served.bytes).toBeLessThanOrEqual(500_000)
    expect(plan.served.bytes).toBeLessThanOrEqual(50_000)
    expect([document.served.evictions > 100, plan.served.evictions > 100]).toEqual([true, true])
    expect(plan.served.entries).toBeLessThanOrEqual(document.served.entries)
  })

  it('is not kept where one document alone weighs too much, and answers all the same', () => {
    const plans = createPlans(supergraph, undefined, { documents: 100_000, plans: 100_000 })
    const large = `${question('A')} # ${'x'.repeat(10_000)}`
    expect(plans.parsed(large)).not.toBe(plans.parsed(large))
    expect(plans.prepared(plans.parsed(large)).plan('A').node).toBeDefined()
    expect(plans.caches.document.served.entries + plans.caches.plan.served.entries).toBe(0)
  })

  it('stays for known clients, whatever others send', () => {
    const plans = createPlans(supergraph, undefined, { documents: 50_000, plans: 50_000 })
    const known = plans.known(question('Known'))
    const plan = plans.prepared(known).plan('Known')
    for (let count = 0; count < 300; count++) plans.prepared(plans.parsed(question(`Q${count}`))).plan(undefined)
    expect(plans.parsed(question('Known'))).toBe(known)
    expect(plans.prepared(known).plan('Known')).toBe(plan)
    expect([plans.caches.document.served.hits, plans.caches.plan.served.hits]).toEqual([1, 1])
  })

  it('is found by Apollo Server under the hash of its text', async () => {
    const plans = createPlans(supergraph)
    const document = plans.parsed('{ me { id } }')
    const hash = createHash('sha256').update('{ me { id } }').digest('hex')
    expect(await plans.documentStore.get(`apollo:${hash}`)).toBe(document)
    expect(await plans.documentStore.get(`apollo:${'0'.repeat(64)}`)).toBeUndefined()
  })
})
