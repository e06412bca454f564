// The JSON of an answer, unless it nests so deeply that whoever walks or writes it afterwards would exhaust the stack.

/** JSON.stringify gives up between 4000 and 5000 levels, JSON.parse never does. */
const deepest = 2000

export function parsedAnswer(text: string): unknown {
  if (mayBeDeep(text) && isDeep(text)) throw new Error(`an answer nested in more than ${deepest} levels`)
  return JSON.parse(text)
}

/** Cheap, and true of large answers only: each level needs a bracket of its own. */
function mayBeDeep(text: string): boolean {
  let brackets = 0
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > deepest) return true
    }
  }
  return false
}

function isDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') at = endOfText(text, at)
    else if (char === ']' || char === '}') depth--
    else if ((char === '[' || char === '{') && ++depth > deepest) return true
  }
  return false
}

/** Where a text that begins at `start` has its closing quote. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at)
    if (at < 0) return text.length
    let slashes = 0
    while (text[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
}
