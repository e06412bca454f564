// `pnpm bench`: what a question costs through the graph, in both shapes, as a ratio to one hand-written SQL statement
// through the same pool. All are measured in turn in one run; figures of another machine or moment do not compare.
import { openDatabase } from '@switchyard/runtime/database/pool'
import { createLog } from '@switchyard/runtime/log'
import { allInOne, type Shape, spreadOut } from '../test/processes.ts'
import startServers from '../test/server.ts'
import { openSession } from '../test/session.ts'
import { type Ask, questions } from './questions.ts'

const rounds = 12
const repeats = 25

const stopServers = await startServers()
const shapes: Record<string, Shape> = {
  'all in one': await allInOne({ LOG_LEVEL: 'warn' }),
  'spread out': await spreadOut({ LOG_LEVEL: 'warn' }),
}
const asks = Object.fromEntries(
  await Promise.all(Object.entries(shapes).map(async ([name, shape]) => [name, await asAdministrator(shape)] as const)),
)
const reference = shapes['all in one'] as Shape
const database = openDatabase({ url: reference.databaseUrl, schema: 'crm', max: 10, log: createLog('silent', 'bench') })

for (const question of questions) {
  const runs: Record<string, () => Promise<unknown>> = {}
  for (const [name, ask] of Object.entries(asks)) {
    const variables = await question.variables(ask)
    runs[name] = () => ask(question.query, variables)
    if (name === 'all in one')
      runs['one SQL statement'] = () =>
        database.sql.unsafe(question.sql, question.parameters(variables), { prepare: true })
  }
  const medians = await measure(runs)
  const floor = medians['one SQL statement'] ?? Number.NaN
  process.stdout.write(`\n${question.name}: median of ${rounds * repeats} each, one at a time\n`)
  for (const [name, median] of Object.entries(medians).sort(([, a], [, b]) => a - b)) {
    process.stdout.write(
      `  ${name.padEnd(20)} ${median.toFixed(2).padStart(8)} ms   × ${(median / floor).toFixed(1)}\n`,
    )
  }
}

await database.close()
for (const shape of Object.values(shapes)) await shape.end()
await stopServers()

/** The median duration of each in milliseconds, measured in turn, after a warm-up. */
async function measure(runs: Record<string, () => Promise<unknown>>): Promise<Record<string, number>> {
  const durations = Object.fromEntries(Object.keys(runs).map((name) => [name, [] as number[]]))
  for (let round = -2; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const began = performance.now()
        await run()
        if (round >= 0) durations[name]?.push(performance.now() - began)
      }
    }
  }
  return Object.fromEntries(
    Object.entries(durations).map(([name, all]) => [name, all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0]),
  )
}

async function asAdministrator(shape: Shape): Promise<Ask> {
  const input = { email: 'admin@demo.example', password: 'switchyard-demo' }
  const nobody = openSession(shape.url, undefined, () => undefined)
  const { login } = await nobody.ok<{ login: { accessToken: string } }>('Login', { input })
  return openSession(shape.url, login.accessToken, () => undefined).ok
}
