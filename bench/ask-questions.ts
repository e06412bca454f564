// What a question costs through the graph, in both shapes, as a ratio to one hand-written SQL statement on one
// connection of the owner, who may join the schemas that subgraphs keep apart.
import { openDatabase } from '@switchyard/runtime/database/pool'
import { createLog } from '@switchyard/runtime/log'
import { allInOne, type Shape, spreadOut } from '../test/processes.ts'
import { medianDurations, type Runs } from './measure.ts'
import { type Ask, type Question, questions } from './questions.ts'
import { administrator, atRest } from './session.ts'

const rounds = 12
const repeats = 25

export async function askQuestions(): Promise<void> {
  const together = await allInOne({ LOG_LEVEL: 'warn' })
  const apart = await spreadOut({ LOG_LEVEL: 'warn' })
  const database = openDatabase({
    url: together.databaseUrl,
    schema: 'crm',
    max: 1,
    log: createLog('silent', 'bench'),
  })
  try {
    await database.sql`set role none`
    await Promise.all([together, apart].map(atRest))
    const { ok } = await administrator(together)
    const { ok: okApart } = await administrator(apart)
    for (const question of questions) {
      const variables = await question.variables(ok)
      const statement = () => database.sql.unsafe(question.sql, question.parameters(variables), { prepare: true })
      await compare(question, {
        'one SQL statement': statement,
        'all in one': () => ok(question.query, variables),
        'spread out': await asking(question, okApart),
      })
    }
  } finally {
    await database.close()
    await endAll([together, apart])
  }
}

async function asking({ query, variables }: Question, ask: Ask): Promise<() => Promise<unknown>> {
  const own = await variables(ask)
  return () => ask(query, own)
}

async function compare({ name }: Question, runs: Runs): Promise<void> {
  const medians = await medianDurations(runs, rounds, repeats)
  const floor = medians['one SQL statement'] ?? Number.NaN
  process.stdout.write(`\n${name}: median of ${rounds * repeats} each, one at a time\n`)
  for (const [run, duration] of Object.entries(medians).sort(([, a], [, b]) => a - b)) {
    const figure = duration.toFixed(2).padStart(8)
    process.stdout.write(`  ${run.padEnd(20)} ${figure} ms   × ${(duration / floor).toFixed(1)}\n`)
  }
}

async function endAll(shapes: readonly Shape[]): Promise<void> {
  for (const shape of shapes) await shape.end()
}
