// Which fields need a line in the law: every root field, every field added to a type by `extend`, all of `User`.
import { type DocumentNode, Kind } from 'graphql'
import type { Law } from './law.ts'

const sensitive = new Set(['User'])

/** The coordinates (`Query.deal`) of fields that need a line and have none. */
export function uncovered(typeDefs: DocumentNode, law: Law): string[] {
  return typeDefs.definitions.flatMap((definition) => {
    const isExtension = definition.kind === Kind.OBJECT_TYPE_EXTENSION
    const isSensitive =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION && sensitive.has(definition.name.value) && !isStub(definition)
    if (!isExtension && !isSensitive) return []
    return (definition.fields ?? [])
      .map((field) => ({ type: definition.name.value, field: field.name.value }))
      .filter(({ type, field }) => field !== 'id' && !law[type]?.[field])
      .map(({ type, field }) => `${type}.${field}`)
  })
}

/** A foreign entity named by its key alone. */
const isStub = (definition: {
  directives?: readonly { name: { value: string }; arguments?: readonly { name: { value: string } }[] }[]
}) =>
  definition.directives?.some(
    (directive) =>
      directive.name.value === 'key' && directive.arguments?.some((argument) => argument.name.value === 'resolvable'),
  )
