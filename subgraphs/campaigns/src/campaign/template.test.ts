import { runInThisContext } from 'node:vm'
import { world } from '@switchyard/test'
import { describe, expect, it } from 'vitest'
import { maxTemplateLength, renderHtml, renderLine, validTemplate } from './template.ts'

const createCampaign = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { template } }'
const values = { customer: { name: 'Ann <b>& Co', email: 'ann@example.com' }, campaign: { name: 'Spring\r\nBcc: x' } }

/** The text, repeated to the length of the longest template. */
const long = (text: string, start = '') =>
  (start + text.repeat(Math.ceil(maxTemplateLength / text.length))).slice(0, maxTemplateLength)

/** Ends the call from outside if it does not end by itself: no timer of ours runs while it computes. */
function bounded<Result>(call: () => Result): Result {
  const run = runInThisContext('(call) => { globalThis.boundedCall = call }')
  run(call)
  return runInThisContext('globalThis.boundedCall()', { timeout: 10_000 })
}

describe('the longest template', () => {
  it.each([
    ['open braces and blanks', long(' ', '{{')],
    ['nothing but open braces', long('{')],
    ['open braces, each followed by a blank', long('{{ ')],
    ['open braces, each followed by a quote', long('{{"')],
    ['open braces with quotes in quotes', long(`{{"'`)],
    ['one field and many quotes', long(`"'`, '{{')],
    ['outputs of an unknown field', long('{{x}}')],
    ['outputs without a field', long('{{}}')],
    ['open tags', long('{%')],
    ['a tag that is not closed', long('{% ', '{% raw %}')],
    ['nested brackets', `{{${'x['.repeat(20_000)}}}`],
    ['nested parentheses', `{{${'('.repeat(20_000)}}}`],
    ['a chain of properties', `{{customer${'.name'.repeat(9000)}}}`],
    ['a chain of filters', `{{customer.name${'|upcase'.repeat(6000)}}}`],
  ])('is refused when it is %s', (_, template) => {
    expect(() => bounded(() => validTemplate(template, 'template'))).toThrow('the fields are')
  })

  it('may be nothing but fields, and is rendered', () => {
    const count = Math.floor(maxTemplateLength / '{{customer.name}}'.length)
    const template = bounded(() => validTemplate('{{customer.name}}'.repeat(count), 'template'))
    expect(bounded(() => renderHtml(template, values))).toBe('Ann &lt;b&gt;&amp; Co'.repeat(count))
  })

  it('is answered by the mutation that would store it', async () => {
    const { app, manager } = await world()
    const input = { name: 'Spring', channel: 'EMAIL', template: long('{{ ') }
    expect(await app.as(manager).refused(createCampaign, { input })).toMatchObject({
      code: 'BAD_USER_INPUT',
      data: { fields: [{ path: 'template' }] },
    })
  })
})

describe('a template', () => {
  it.each([
    ['a field of every object', '{{constructor}}'],
    ['a property of a field', '{{customer.name.length}}'],
    ['the prototype of a group of fields', '{{customer.__proto__}}'],
    ['a group of fields', '{{customer}}'],
    ['a field by its name in brackets', '{{customer["name"]}}'],
    ['a filter', '{{customer.name | upcase}}'],
    ['text', '{{ "text" }}'],
    ['a condition', '{% if customer.name %}x{% endif %}'],
    ['a loop', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['an inclusion', '{% include "/etc/passwd" %}'],
    ['a comment', '{% comment %}x{% endcomment %}'],
    ['raw text', '{% raw %}{{x}}{% endraw %}'],
    ['an unescaped field', '{{{customer.name}}}'],
  ])('is refused for %s, when it is stored and when it would be rendered', (_, template) => {
    expect(() => validTemplate(template, 'template')).toThrow('the fields are')
    expect(() => renderHtml(template, values)).toThrow('cannot be rendered')
  })

  it('names the unknown field, cut where it is long', () => {
    expect(() => validTemplate('Dear {{ customer.password }}', 'template')).toThrow(
      '{{customer.password}} is not a field: the fields are {{customer.name}}, {{customer.email}}, {{campaign.name}}.',
    )
    expect(() => validTemplate(`{{${'x'.repeat(1000)}}}`, 'template')).toThrow(/^\{\{x{100}\}\} is not/)
  })

  it.each([
    ['blanks around a field', '{{  customer.name\n}}', 'Ann &lt;b&gt;&amp; Co'],
    ['a field beside other braces', '@media{a{b:c}} {{customer.email}}}', '@media{a{b:c}} ann@example.com}'],
    ['no field', 'Hello %} }}', 'Hello %} }}'],
  ])('may have %s', (_, template, rendered) => {
    expect(renderHtml(validTemplate(template, 'template'), values)).toBe(rendered)
  })

  it('of a line stays one line, whatever its fields hold', () => {
    expect(renderLine('{{customer.name}}: {{campaign.name}}', values)).toBe('Ann <b>& Co: Spring Bcc: x')
  })
})
