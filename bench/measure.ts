// Measures what is to be compared in turn, so that whatever the machine does meanwhile happens to all of it.

export type Runs = Readonly<Record<string, () => Promise<unknown>>>

/** The median duration of each in milliseconds, after a warm-up. */
export async function medianDurations(runs: Runs, rounds: number, repeats: number): Promise<Record<string, number>> {
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
  return Object.fromEntries(Object.entries(durations).map(([name, all]) => [name, median(all)]))
}

export const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN
