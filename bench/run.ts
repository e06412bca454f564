// `pnpm bench [questions | deliveries]`: all benchmarks, or one. What is compared is measured in turn in one run;
// figures of another machine or moment do not compare.
import startServers from '../test/server.ts'
import { askQuestions } from './ask-questions.ts'
import { measureDeliveries } from './deliveries.ts'

const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  questions: askQuestions,
  deliveries: measureDeliveries,
}
const [wanted] = process.argv.slice(2)
const chosen = Object.entries(benchmarks).filter(([name]) => wanted === undefined || name === wanted)
if (chosen.length === 0) {
  process.stderr.write(`usage: pnpm bench [${Object.keys(benchmarks).join(' | ')}]\n`)
  process.exit(2)
}
const stopServers = await startServers()
try {
  for (const [, run] of chosen) await run()
} finally {
  await stopServers()
}
