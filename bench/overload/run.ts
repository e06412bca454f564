// `pnpm bench:overload [scenario …] [--shape together|apart]`: what some clients' overload costs the others, as the
// ratio of their p95 while loaded to their p95 while quiet, in one run. Goal: 2 at most, without a failed request.
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { allInOne, spreadOut } from '../../test/processes.ts'
import startServers from '../../test/server.ts'
import { type Figures, type Measured, measureScenario } from './measure.ts'
import type { Scenario } from './scenario.ts'

const folder = new URL('scenarios/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
const { values, positionals } = parseArgs({ options: { shape: { type: 'string' } }, allowPositionals: true })
const chosen = files.filter((file) => positionals.length === 0 || positionals.includes(basename(file, '.ts')))
const shapes = Object.entries({ together: allInOne, apart: spreadOut }).filter(
  ([name]) => values.shape === undefined || name === values.shape,
)
if (chosen.length === 0 || shapes.length === 0) {
  const known = files.map((file) => basename(file, '.ts')).join(' | ')
  process.stderr.write(`usage: pnpm bench:overload [${known}] [--shape together|apart]\n`)
  process.exit(2)
}

const stopServers = await startServers()
try {
  for (const [shapeName, start] of shapes) {
    for (const file of chosen) {
      const url = new URL(file, folder).href
      const { default: scenario } = (await import(url)) as { default: Scenario<unknown> }
      const shape = await start({
        LOG_LEVEL: 'error',
        RATE_LIMIT_ANONYMOUS: '600',
        RATE_LIMIT_VIEWER: '1000000',
        ...scenario.environment,
      })
      try {
        show(`${scenario.name} (${shapeName})`, await measureScenario(scenario, url, shape))
      } finally {
        await shape.end()
      }
    }
  }
} finally {
  await stopServers()
}

function show(title: string, { quiet, loaded, memory, load }: Measured): void {
  const lines = Object.entries(quiet).map(([probe, before]) => {
    const during = loaded[probe] as Figures
    const ratio = during.p95 / before.p95
    const verdict = ratio <= 2 && during.failures === 0 ? 'reached' : 'MISSED'
    return [
      `  ${probe}: p95 × ${ratio.toFixed(2)} ${verdict}`,
      `    quiet  ${figures(before)}`,
      `    loaded ${figures(during)}`,
    ].join('\n')
  })
  const mebibytes = Object.entries(memory).map(([when, figure]) => `${when} ${Math.round(figure)}`)
  const sent = load.map((sentence) => `  load: ${sentence}`)
  process.stdout.write(`\n${title}\n${[...lines, ...sent].join('\n')}\n  memory in MiB: ${mebibytes.join(', ')}\n`)
}

function figures({ p50, p95, worst, requests, failures }: Figures): string {
  return `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, worst ${worst.toFixed(1)} ms; ${requests} requests, ${failures} failed`
}
