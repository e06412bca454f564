import { expect, test } from 'vitest'
import { parsedAnswer } from './parsed-answer.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

test.each([
  ['two thousand lists', nested(2000)],
  ['two thousand objects', objects(2000)],
  ['many beside each other', `[${Array.from({ length: 5000 }, () => '{"a":[]}').join()}]`],
  ['brackets in texts', JSON.stringify(['['.repeat(9000), '\\', '"[', '\\"{'.repeat(3000)])],
])('an answer is read that holds %s', (_, text) => {
  expect(JSON.stringify(parsedAnswer(text))).toBe(text)
})

test.each([
  ['more lists', nested(2001)],
  ['more objects', objects(2001)],
  ['a hundred thousand lists', `{"data":${nested(100_000)}}`],
  ['closing brackets in texts, to mislead', `[${'["]]]]",'.repeat(3000)}1${']'.repeat(3000)}]`],
  ['texts that seem to go on', `["\\\\",${nested(2001)}]`],
])('an answer is refused that nests %s', (_, text) => {
  expect(() => parsedAnswer(text)).toThrow('2000 levels')
})

test.each(['', '{', '"', '["\\', '<html>', '{'.repeat(3000), '"'.repeat(3)])('what is no JSON is none: %j', (text) => {
  expect(() => parsedAnswer(text)).toThrow()
})
