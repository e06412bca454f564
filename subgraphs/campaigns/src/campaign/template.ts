// Templates without logic: a field in double braces stands for its value, and nothing else has a meaning.
import { invalidInput } from '@switchyard/runtime/errors'

export const fields = ['customer.name', 'customer.email', 'campaign.name'] as const

export type Values = Readonly<Record<(typeof fields)[number], string>>

const field = /\{\{\s*([^{}]*?)\s*\}\}/g

/** The text as it is; BAD_USER_INPUT names what in it is no field of ours. */
export function validTemplate(text: string, path: string): string {
  for (const [, name = ''] of text.matchAll(field)) {
    if (!isField(name)) throw refusal(path, `{{${name}}} is not a field`)
  }
  // Two that close stand in many a style sheet.
  if (/\{\{\{/.test(text) || /\{\{/.test(text.replace(field, '')))
    throw refusal(path, 'There are braces without a field')
  return text
}

const isField = (name: string): name is keyof Values => fields.some((one) => one === name)

const refusal = (path: string, what: string) =>
  invalidInput(path, `${what}: the fields are ${fields.map((one) => `{{${one}}}`).join(', ')}.`)

const filled = (text: string, values: Values, shown: (value: string) => string): string =>
  text.replace(field, (_, name: string) => (isField(name) ? shown(values[name]) : ''))

/** The HTML in which each field's value stands for itself, whatever characters it has. */
export const html = (template: string, values: Values): string => filled(template, values, escaped)

/** A line of a mail's head: a value cannot begin another one. */
export const line = (template: string, values: Values): string =>
  filled(template, values, (value) => value.replace(/\p{Cc}+/gu, ' '))

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
