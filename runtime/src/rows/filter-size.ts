// Bounds what one filter may ask for, before any SQL is made of it.
import { invalidInput } from '../errors.ts'

/** How many filters one filter may be combined of, itself among them. */
const maxFilters = 100

/** How many values each list in a filter may hold. */
const maxListValues = 1000

const combining = new Set(['and', 'or', 'not'])

/** BAD_USER_INPUT for a filter that is combined of too many filters, or that holds a list with too many values. */
export function checkFilterSize(filter: object): void {
  let filters = 0

  function checkFilter(one: object, path: string) {
    if (++filters > maxFilters) throw invalidInput('filter', `A filter is combined of at most ${maxFilters} filters.`)
    for (const [field, value] of Object.entries(one)) {
      const its = `${path}.${field}`
      if (!combining.has(field)) checkLists(value, its)
      else if (Array.isArray(value)) value.forEach((inner: object, index) => void checkFilter(inner, `${its}.${index}`))
      else if (value) checkFilter(value, its)
    }
  }
  checkFilter(filter, 'filter')
}

function checkLists(value: unknown, path: string): void {
  if (Array.isArray(value)) {
    if (value.length <= maxListValues) return
    const cure = 'ask several times with shorter lists, or add a narrower filter'
    throw invalidInput(path, `A list in a filter has at most ${maxListValues} values: ${cure}.`)
  }
  if (typeof value !== 'object' || value === null) return
  for (const [operator, operand] of Object.entries(value)) checkLists(operand, `${path}.${operator}`)
}
