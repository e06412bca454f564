// Searches the logs of a run for what no log may hold: values of SQL statements, personal data, secrets.
import { existsSync, readFileSync } from 'node:fs'

const forbidden: Readonly<Record<string, RegExp>> = {
  'values of a statement': /params: (?!\[redacted\])|"param(eter)?s":|Key \(.*\)=\(|Failing row contains/,
  'an e-mail address': /[\w.+-]+@(?!\d)[\w-]+(\.[\w-]+)*\.[a-z]{2,}/i,
  'a phone number': /\+\d{7,15}\b/,
  'a password hash': /\$argon2/,
  'a JSON Web Token': /eyJ[\w-]+\.eyJ/,
  'an opaque token': /(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{43}(?![\w-])/,
}

/** What is wrong with a line; lines that are no JSON are for whoever started the process, and say what they want. */
const faultsOf = (line: string): string[] =>
  line.startsWith('{') ? Object.keys(forbidden).filter((name) => forbidden[name]?.test(line)) : []

/** Throws an error that shows the lines with personal data or secrets in this file. */
export function searchLog(file: string): void {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const found = lines.flatMap((line) => faultsOf(line).map((fault) => `${fault}: ${line.slice(0, 2000)}`))
  if (found.length > 0)
    throw new Error(`${found.length} log lines hold what no log may:\n${found.slice(0, 10).join('\n')}`)
}
