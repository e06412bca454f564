import { readdirSync, readFileSync } from 'node:fs'
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type TypeDefinitionNode,
} from 'graphql'
import { describe, expect, it } from 'vitest'

const root = new URL('../schema/', import.meta.url)
const files = [
  'common.graphql',
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['events', 'operations', 'node_modules'].includes(entry.name))
    .flatMap(({ name }) => readdirSync(new URL(`${name}/`, root)).map((file) => `${name}/${file}`)),
]
const definitions = files.flatMap((file) => parse(readFileSync(new URL(file, root), 'utf8')).definitions)

const isStub = ({ directives }: { directives?: readonly ConstDirectiveNode[] | undefined }) =>
  directives?.some(({ arguments: given }) => given?.some(({ name }) => name.value === 'resolvable')) ?? false
const types = definitions.filter(
  (definition): definition is TypeDefinitionNode =>
    'name' in definition && definition.kind.endsWith('TypeDefinition') && !isStub(definition as TypeDefinitionNode),
)
const objects = types.filter((type): type is ObjectTypeDefinitionNode => type.kind === Kind.OBJECT_TYPE_DEFINITION)
const rootFields = (name: string): readonly FieldDefinitionNode[] =>
  definitions
    .filter(
      (definition): definition is ObjectTypeExtensionNode =>
        definition.kind === Kind.OBJECT_TYPE_EXTENSION && definition.name.value === name,
    )
    .flatMap(({ fields = [] }) => fields)
const isPlainConnection = (name: string) => /(Connection|Edge)$/.test(name)

describe('the contract', () => {
  it('says of every type what it is', () => {
    const silent = types.filter(({ name, description }) => !description && !isPlainConnection(name.value))
    expect(silent.map(({ name }) => name.value)).toEqual([])
  })

  it('says of every root field what it does', () => {
    const silent = ['Query', 'Mutation', 'Subscription'].flatMap(rootFields).filter(({ description }) => !description)
    expect(silent.map(({ name }) => name.value)).toEqual([])
  })

  it('lets every root field be null, so that a failed subgraph costs its own fields and nothing else', () => {
    const strict = ['Query', 'Mutation', 'Subscription']
      .flatMap(rootFields)
      .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
    expect(strict.map(({ name }) => name.value)).toEqual([])
  })

  it('gives every mutation one input, or none', () => {
    const others = rootFields('Mutation').filter(({ arguments: given = [] }) =>
      given.some(({ name }) => name.value !== 'input'),
    )
    expect(others.map(({ name }) => name.value)).toEqual([])
  })

  it('lets every subscription be resumed: it takes `after`, and its payload has a cursor', () => {
    for (const { name, arguments: given = [], type } of rootFields('Subscription')) {
      expect([name.value, given.map((argument) => argument.name.value)]).toEqual([
        name.value,
        expect.arrayContaining(['after']),
      ])
      const payload = objects.find((object) => type.kind === Kind.NAMED_TYPE && object.name.value === type.name.value)
      expect([name.value, payload?.fields?.map((field) => field.name.value)]).toEqual([
        name.value,
        expect.arrayContaining(['cursor']),
      ])
    }
  })

  it('pages every connection alike', () => {
    for (const { name, fields = [] } of objects.filter((object) => object.name.value.endsWith('Connection'))) {
      const names = fields.map((field) => field.name.value)
      expect([name.value, names]).toEqual([
        name.value,
        expect.arrayContaining(['nodes', 'edges', 'pageInfo', 'totalCount']),
      ])
    }
  })

  it('has each type at home in one subgraph, but for what all share', () => {
    const shared = types.filter(({ directives }) => directives?.some(({ name }) => name.value === 'shareable'))
    const owned = objects.filter(
      (type) => !shared.includes(type) && !type.directives?.some(({ name }) => name.value === 'key'),
    )
    const names = owned.map(({ name }) => name.value)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
