// What @skip and @include make of an operation: which variables they ask, and whether a part of it is left out.
import { failure } from '@switchyard/runtime/errors'
import { type DirectiveNode, Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql'

/** Tells of a variable whether it is true. */
export type IsMet = (variable: string) => boolean

export function conditionsFor(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): IsMet {
  return (variable) => {
    const value = Object.hasOwn(given, variable) ? given[variable] : undefined
    if (typeof value === 'boolean') return value
    const definition = variableDefinitions.find((each) => each.variable.name.value === variable)
    const fallback = definition?.defaultValue
    if (value === undefined && fallback?.kind === Kind.BOOLEAN) return fallback.value
    throw failure('BAD_USER_INPUT', `The variable $${variable} decides what is selected: it is true or false.`)
  }
}

export function isLeftOut({ directives = [] }: SelectionNode, isMet: IsMet): boolean {
  return directives.some((directive) => {
    const { value: name } = directive.name
    if (name !== 'skip' && name !== 'include') return false
    return isTrue(directive, isMet) === (name === 'skip')
  })
}

function isTrue(directive: DirectiveNode, isMet: IsMet): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value
  return value?.kind === Kind.VARIABLE ? isMet(value.name.value) : value?.kind === Kind.BOOLEAN && value.value
}

/** The variable that a selection's directive asks, if any. */
export const conditionalVariables = ({ directives = [] }: SelectionNode): string[] =>
  directives
    .filter(({ name }) => name.value === 'skip' || name.value === 'include')
    .flatMap(({ arguments: given = [] }) => given.map(({ value }) => value))
    .flatMap((value) => (value.kind === Kind.VARIABLE ? [value.name.value] : []))
