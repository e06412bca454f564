import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { usualLimits } from '@switchyard/runtime/limits'
import { anonymous } from '@switchyard/runtime/viewer/viewer'
import { getOperationAST } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { admitted } from './src/admission.ts'
import type { Graph } from './src/answer.ts'
import type { PlanningQueue } from './src/limits/planning-queue.ts'
import { loadOperations, type OperationManifest } from './src/operations/manifest.ts'
import { createPlans } from './src/plans.ts'
import { loadSupergraph } from './src/supergraph.ts'

const schema = fileURLToPath(new URL('../schema', import.meta.url))

describe('the committed supergraph', () => {
  let graph: Graph
  let operations: OperationManifest

  beforeAll(async () => {
    const supergraph = loadSupergraph(await readFile(`${schema}/supergraph.graphql`, 'utf8'))
    const plans = createPlans(supergraph)
    const planning: PlanningQueue = { run: async (_, task) => task.run() }
    graph = { supergraph, plans, planning, sources: {}, limits: usualLimits, openSchema: false }
    operations = await loadOperations(`${schema}/operations`)
  })

  it('is what the subgraphs compose to', async () => {
    const compose = fileURLToPath(new URL('compose.ts', import.meta.url))
    await promisify(execFile)(process.execPath, [compose, '--check'])
  })

  it('fits every operation of known clients', () => {
    const misfits = operations.flatMap(({ name, source }) => {
      const { errors } = graph.plans.prepared(graph.plans.parsed(source))
      return errors.map(({ message }) => `${name}: ${message}`)
    })
    expect(misfits).toEqual([])
  })

  it('can plan each of them, and bears it at the largest page', async () => {
    for (const { name, source } of operations) {
      const document = graph.plans.parsed(source)
      expect(graph.plans.prepared(document).plan(name)).toBeDefined()
      const asked = getOperationAST(document)?.variableDefinitions ?? []
      if (asked.some(({ type }) => type.kind === 'NonNullType')) continue
      const operation = { document, operationName: name, variables: { first: 100 } }
      expect(await admitted(graph, operation, { viewer: anonymous, requestId: 'test' })).not.toHaveProperty('errors')
    }
  })
})
