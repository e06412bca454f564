// `pnpm bench:gateway`: our gateway beside others, all in turn in one run, over the same subgraphs and the same data.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { type Child, start } from './child.ts'
import { type Contestant, startAll } from './contestants.ts'
import { type Round, round } from './load.ts'
import { installPeers } from './peers.ts'
import { bodiesOf, type Question, questions } from './questions.ts'
import { composed } from './shop.ts'
import { printed } from './table.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    // just-in-time compilers need some thousand requests before they have seen everything
    'warm-up': { type: 'string', default: '6' },
    question: { type: 'string', default: '' },
    // a folder for the CPU profiles of our own two
    profile: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)

await installPeers()
const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'))
const children: Child[] = []
try {
  const subgraphs = await start({ name: 'subgraphs', run: ['subgraphs.ts'] })
  children.push(subgraphs)
  const supergraph = join(folder, 'supergraph.graphql')
  await writeFile(supergraph, composed(subgraphs.address))
  const contestants = await startAll({ supergraph, subgraphs: subgraphs.address, profile: values.profile })
  children.push(...contestants.map(({ child }) => child))

  for (const question of questions.filter(({ name }) => name.includes(values.question))) {
    await checkThatAllAnswerAlike(contestants, question)
    process.stdout.write(printed(question, contestants, await measured(contestants, question)))
  }
} finally {
  await Promise.all(children.map((child) => child.end()))
  await rm(folder, { recursive: true })
}

/** The rounds of each contestant, all in turn. */
async function measured(contestants: readonly Contestant[], question: Question): Promise<Map<Contestant, Round[]>> {
  const all = new Map<Contestant, Round[]>(contestants.map((contestant) => [contestant, []]))
  for (const { child } of contestants) await round(child, question, Number(values['warm-up']))
  for (let turn = 0; turn < rounds; turn++) {
    for (const [{ child }, own] of all) own.push(await round(child, question, seconds))
  }
  return all
}

async function checkThatAllAnswerAlike(contestants: readonly Contestant[], question: Question): Promise<void> {
  for (const body of [0, 7, 15].flatMap((connection) => bodiesOf(question, connection))) {
    const answers = await Promise.all(contestants.map(({ child }) => answer(child, body)))
    const differs = contestants.find((_, index) => !isDeepStrictEqual(answers[index], answers.at(-1)))
    if (differs) throw new Error(`${differs.child.name} answers differently: ${question.name}`)
  }
}

async function answer({ address }: Child, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body })
  return response.json()
}
