// How large one operation may be. The largest operations of the known clients stand well inside each of these.

export const usualLimits = {
  /** Of a request, unpacked. */
  bodyBytes: 256 * 1024,
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
  /** Objects that an operation may ask for, if every list is full. */
  objects: 10_000,
  /**
   * Milliseconds of CPU that a minute's documents of an anonymous address may take to be parsed, validated and planned,
   * in one process; those of a viewer five times as many. Documents that are known cost nothing.
   */
  planningMs: 2000,
  /** Of one response, as it is written to the client. */
  responseBytes: 8 * 2 ** 20,
} as const

export type Limits = { readonly [Limit in keyof typeof usualLimits]: number }
