// What the SDL's types cannot say of an input: lengths, ranges, characters. Each names the field that it refuses.
import { invalidInput } from './errors.ts'

// NUL is refused by PostgreSQL; a lone surrogate is no text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for
const unstorable = /\u0000/

type Read<Value> = (value: never, field: string) => Value

/** A text without blanks around it, of 1 to `longest` characters. */
export const text =
  (longest = 200) =>
  (value: string | null | undefined, field: string): string => {
    const kept = (value ?? '').trim()
    if (kept.length === 0) throw invalidInput(field, `${field} must not be empty.`)
    return within(field, kept, longest)
  }

/** A text of at most `longest` characters that may be missing; a blank one is. */
export const optionalText =
  (longest = 200) =>
  (value: string | null | undefined, field: string): string | null =>
    value?.trim() ? within(field, value.trim(), longest) : null

function within(field: string, value: string, longest: number): string {
  if (value.length > longest) throw invalidInput(field, `${field} has at most ${longest} characters.`)
  if (unstorable.test(value) || !value.isWellFormed())
    throw invalidInput(field, `${field} holds a character that cannot be kept.`)
  return value
}

/** A whole number from `least` to `most`, or none. */
export const between =
  (least: number, most: number) =>
  (value: number | null | undefined, field: string): number | null => {
    if (value != null && (value < least || value > most))
      throw invalidInput(field, `${field} must be ${least} to ${most}.`)
    return value ?? null
  }

/** A value that may be cleared; the SDL's type says the rest. */
export const clearable = <Value>(value: Value | null | undefined): Value | null => value ?? null

/** A value that cannot be cleared. */
export const kept = <Value>(value: Value | null | undefined, field: string): Value => {
  if (value == null) throw invalidInput(field, `${field} cannot be cleared.`)
  return value
}

type Fields<Input> = { readonly [Field in keyof Input]?: Read<unknown> }
type Result<Reads, Field extends keyof Reads> = Reads[Field] extends Read<infer Value> ? Value : never

/** The fields that the input has, each as its reading makes it; an absent field stays absent. */
export const given = <Input extends object, Reads extends Fields<Input>>(input: Input, reads: Reads) =>
  Object.fromEntries(
    Object.entries<Read<unknown>>(reads as never)
      .filter(([field]) => input[field as keyof Input] !== undefined)
      .map(([field, read]) => [field, read(input[field as keyof Input] as never, field)]),
  ) as {
    [Field in keyof Reads & keyof Input as undefined extends Input[Field] ? never : Field]: Result<Reads, Field>
  } & {
    [Field in keyof Reads & keyof Input as undefined extends Input[Field] ? Field : never]?: Result<Reads, Field>
  }
