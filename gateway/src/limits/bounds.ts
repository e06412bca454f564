// How large one operation may be. The known clients' largest operations stand well inside each of these.

export const bounds = {
  /** Read before parsing ends, so that a long document costs nothing. */
  tokens: 2000,
  depth: 12,
  aliases: 30,
  directives: 50,
  rootFields: 30,
  /** Fields and fragments, counted as often as fragments repeat them. */
  selections: 500,
  /** Spreads of a fragment that was spread before. */
  repeatedSpreads: 30,
  /** Nesting of a variable's value. */
  variableDepth: 50,
  /** Objects that an operation may ask for, if every list is full. */
  objects: 10_000,
} as const
