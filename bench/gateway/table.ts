// What was measured, as a table of medians, with ratios to the plain gateway and the goals beside them.
import type { Contestant } from './contestants.ts'
import type { Round } from './load.ts'
import type { Question } from './questions.ts'

const columns = ['', 'requests/s', '× plain', 'p50 ms', 'p99 ms', 'CPU ms/request', '× plain', 'RSS MiB', 'goal']

export function printed(
  question: Question,
  contestants: readonly Contestant[],
  rounds: Map<Contestant, Round[]>,
): string {
  const medians = new Map(contestants.map((each) => [each, medianOf(rounds.get(each) ?? [])]))
  const [plain] = medians.values()
  const fastestOther = Math.max(
    ...contestants.filter(({ isOther }) => isOther).map((each) => medians.get(each)?.perSecond ?? 0),
  )
  const lines = [...medians].map(([{ child, goal }, median]) => {
    const { perSecond, p50, p99, cpuMilliseconds, rssBytes } = median
    const times = perSecond / (plain?.perSecond ?? Number.NaN)
    const isReached = goal !== undefined && times >= goal && perSecond > fastestOther
    return [
      child.name,
      perSecond.toFixed(0),
      times.toFixed(1),
      p50.toFixed(0),
      p99.toFixed(0),
      cpuMilliseconds.toFixed(2),
      ((plain?.cpuMilliseconds ?? Number.NaN) / cpuMilliseconds).toFixed(1),
      (rssBytes / 2 ** 20).toFixed(0),
      goal === undefined ? '' : `${goal} × and ahead of all others: ${isReached ? 'reached' : 'missed'}`,
    ]
  })
  const widths = columns.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return `\n${question.name}\n${[columns, ...lines].map(row).join('\n')}\n`
}

function medianOf(rounds: readonly Round[]): Round {
  const median = (of: (round: Round) => number) =>
    rounds.map(of).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? 0
  return {
    perSecond: median((round) => round.perSecond),
    p50: median((round) => round.p50),
    p99: median((round) => round.p99),
    cpuMilliseconds: median((round) => round.cpuMilliseconds),
    rssBytes: median((round) => round.rssBytes),
  }
}
