// Templates: Liquid of which only outputs of known fields are allowed; no tags, no filters, no other variables.
import { invalidInput } from '@switchyard/runtime/errors'
import { Liquid, type Token, Tokenizer, TokenKind } from 'liquidjs'

export const fields = ['customer.name', 'customer.email', 'campaign.name'] as const

/** What the fields stand for; `customer.name` is `values.customer.name`. */
export type Values = {
  readonly customer: { readonly name: string; readonly email: string }
  readonly campaign: { readonly name: string }
}

export const maxTemplateLength = 50_000
const renderTimeoutMs = 1000
const maxAllocations = 1_000_000
const maxNameInMessage = 100

/** The text as it is; BAD_USER_INPUT names what in it is not allowed. */
export function validTemplate(text: string, path: string): string {
  const refusal = refusalOf(text)
  if (!refusal) return text
  const listed = fields.map((field) => `{{${field}}}`).join(', ')
  throw invalidInput(path, `${refusal}: the fields are ${listed}.`)
}

/** Why Liquid does not parse the text, or the first thing in it that is not allowed. */
function refusalOf(text: string): string | undefined {
  const tokens = tokensOf(text)
  if (!tokens) return 'There are braces without a field'
  if (tokens.some(isTag)) return 'Tags ({% %}) are not allowed'
  const unknown = tokens
    .flatMap((token) => ('content' in token ? [token.content] : []))
    .find((name) => !allowed.has(name))
  return unknown === undefined ? undefined : `{{${unknown.slice(0, maxNameInMessage)}}} is not a field`
}

/** The top-level tokens, read in one pass; undefined where one is not closed. */
function tokensOf(text: string) {
  try {
    return new Tokenizer(text).readTopLevelTokens()
  } catch {
    return undefined
  }
}

const allowed: ReadonlySet<string> = new Set(fields)
const isTag = ({ kind }: Token): boolean => kind === TokenKind.Tag

const engine = (outputEscape: (value: unknown) => string) =>
  new Liquid({
    outputEscape,
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    parseLimit: maxTemplateLength,
    renderLimit: renderTimeoutMs,
    memoryLimit: maxAllocations,
    templates: {},
  })

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')

const htmlEngine = engine((value) => escaped(String(value)))
const lineEngine = engine((value) => String(value).replace(/\p{Cc}+/gu, ' '))

/** The HTML in which each field's value stands for itself, whatever characters it has. */
export const renderHtml = (template: string, values: Values): string => render(htmlEngine, template, values)

/** A line of a mail's header: a value cannot begin another one. */
export const renderLine = (template: string, values: Values): string => render(lineEngine, template, values)

function render(liquid: Liquid, template: string, values: Values): string {
  // A template that was stored under other rules must not reach the engine, either.
  const refusal = refusalOf(template)
  if (refusal) throw new Error(`The template cannot be rendered. ${refusal}.`)
  return liquid.parseAndRenderSync(template, values)
}
