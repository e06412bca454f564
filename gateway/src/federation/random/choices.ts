// Chance as a list of numbers: the same list makes the same choices, and a shorter or smaller one simpler ones.

export type Choices = ReturnType<typeof choicesFrom>

export function choicesFrom(numbers: readonly number[]) {
  let next = 0
  const below = (limit: number): number => (limit < 2 ? 0 : (numbers[next++] ?? 0) % limit)
  return {
    below,
    /** False once the numbers have run out. */
    chance: (percent: number): boolean => below(100) >= 100 - percent,
    /** The first when there is nothing left to choose by. */
    of<T>(items: readonly [T, ...T[]]): T {
      return items[below(items.length)] ?? items[0]
    },
  }
}

/** A number that follows from what it is asked about and nothing else, so that answers do not depend on their order. */
export function hashOf(...about: readonly unknown[]): number {
  const text = JSON.stringify(about)
  let hash = 2166136261
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619)
  }
  // the last characters must reach every bit
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Whether something that befalls so many in a hundred befalls this. */
export const befalls = (percent: number, ...about: readonly unknown[]): boolean => hashOf(...about) % 100 < percent
